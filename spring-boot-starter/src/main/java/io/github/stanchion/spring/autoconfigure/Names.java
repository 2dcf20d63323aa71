package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.limit.Suggestion;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import org.springframework.boot.context.properties.bind.Name;

/** Spellings of names and keys. */
final class Names {

    private Names() {}

    /** {@code Did you mean 'search'? } with a blank at its end, or nothing. */
    static String meant(String name, Collection<String> known) {
        return Suggestion.near(name, known)
                .map(near -> "Did you mean '" + near + "'? ")
                .orElse("");
    }

    /** The key that a component is bound to. */
    static String key(RecordComponent component) {
        try {
            Name given = component
                    .getDeclaringRecord()
                    .getDeclaredField(component.getName())
                    .getAnnotation(Name.class);
            return given == null ? kebab(component.getName()) : given.value();
        } catch (NoSuchFieldException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** {@code maxWait} as {@code max-wait}. */
    static String kebab(String component) {
        return component.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /** Letters and digits in lower case: what of a key Boot compares. */
    static String canonical(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }
}
