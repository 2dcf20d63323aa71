package io.github.stanchion.spring.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The README and the pages of the documentation. */
public final class Documents {

    static final Path ROOT = Path.of("..");

    private Documents() {}

    /** Blocks of code, each with the place where it stands. */
    public static Stream<Arguments> blocks(String language) throws IOException {
        Pattern block = Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$");
        return all().stream().flatMap(document -> blocks(document, block));
    }

    private static List<Path> all() throws IOException {
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages.sorted())
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static Stream<Arguments> blocks(Path document, Pattern block) {
        String text = read(document);
        return block.matcher(text).results().map(found -> {
            long line = text.substring(0, found.start()).lines().count() + 1;
            return Arguments.of(document.getFileName() + ":" + line, found.group(1));
        });
    }

    static String read(Path document) {
        try {
            return Files.readString(document);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
