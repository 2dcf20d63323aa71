package io.github.stanchion.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.weave.GuardAspect;
import io.github.stanchion.weave.Woven;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Builds give the same classes, whenever and wherever: compilers leave no path behind, and nothing to chance. */
class ReproducibleClassesTest {

    @Test
    void noFileTellsWhereItWasBuilt() throws IOException, URISyntaxException {
        Path classes = Path.of(
                Woven.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String folder = Path.of("").toAbsolutePath().toString();
        try (Stream<Path> files = Files.walk(classes)) {
            assertThat(files.filter(Files::isRegularFile).filter(file -> tells(file, folder)))
                    .isEmpty();
        }
    }

    /** ajc adds one for each private member that the advice uses, in any order. */
    @Test
    void adviceNeedsOneAccessMethodAtMost() {
        assertThat(GuardAspect.class.getDeclaredMethods())
                .filteredOn(method -> method.getName().startsWith("ajc$inlineAccess"))
                .hasSizeLessThanOrEqualTo(1);
    }

    private static boolean tells(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
