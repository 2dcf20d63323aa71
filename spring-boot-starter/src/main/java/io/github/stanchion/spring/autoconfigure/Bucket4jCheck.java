package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stops the start if Bucket4j is on the class path twice: its artifacts for different versions of Java hold the same packages,
 * and which of them a class is loaded from would be up to the order of the jars.
 */
final class Bucket4jCheck implements GuardCheck {

    private static final String CLASS_FILE = "io/github/bucket4j/Bucket.class";

    private final ClassLoader classes;

    Bucket4jCheck(@Nullable ClassLoader classes) {
        this.classes = classes == null ? ClassLoader.getSystemClassLoader() : classes;
    }

    @Override
    public void all(Consumer<String> warnings) {
        List<String> places = places();
        if (places.size() > 1) {
            throw new GuardConfigurationException(
                    "Bucket4j is on the class path " + (places.size() == 2 ? "twice" : places.size() + " times")
                            + ", and its classes would come from one or the other: " + String.join(" and ", places),
                    "Keep com.bucket4j:bucket4j_jdk17-core, which the store in memory needs, and exclude the other,"
                            + " com.bucket4j:bucket4j-core, from the dependency that brings it.");
        }
    }

    private List<String> places() {
        try {
            // A class loader and its parent may both know one jar.
            return Collections.list(classes.getResources(CLASS_FILE)).stream()
                    .map(Object::toString)
                    .distinct()
                    .map(Bucket4jCheck::place)
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The name of the jar, also of one in another; else the whole place. */
    private static String place(String url) {
        String place = url.substring(0, url.length() - CLASS_FILE.length()).replaceFirst("!?/$", "");
        return place.endsWith(".jar") ? place.substring(place.lastIndexOf('/') + 1) : place;
    }
}
