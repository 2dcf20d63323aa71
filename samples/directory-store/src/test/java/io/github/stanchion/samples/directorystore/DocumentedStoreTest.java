package io.github.stanchion.samples.directorystore;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents say of a store of one's own: under 150 lines, each proof of it under 30, and quoted as it is. */
class DocumentedStoreTest {

    private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

    @Test
    void theStoreHasLessThan150Lines() throws IOException {
        assertThat(source("main", "DirectoryStore").lines()).hasSizeBetween(50, 149);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DirectoryStoreTest", "DirectoryStorePrimitivesTest", "DirectoryStoreRateLimitTest"})
    void eachProofHasLessThan30Lines(String proof) throws IOException {
        assertThat(source("test", proof).lines()).hasSizeBetween(10, 29);
    }

    @Test
    void theDocumentQuotesTheSources() throws IOException {
        String document = Files.readString(Path.of("..", "..", "docs", "own-store.md"));
        List<String> quotes =
                JAVA.matcher(document).results().map(quote -> quote.group(1)).toList();
        String sources = unindented(source("main", "DirectoryStore")
                + source("main", "DirectoryStoreApplication")
                + source("test", "DirectoryStoreTest"));

        assertThat(quotes).hasSize(3).allSatisfy(quote -> assertThat(sources).contains(unindented(quote)));
    }

    private static String unindented(String code) {
        return code.lines().map(String::strip).collect(joining("\n"));
    }

    private static String source(String folder, String type) throws IOException {
        String path = DirectoryStore.class.getPackageName().replace('.', '/') + "/" + type + ".java";
        return Files.readString(Path.of("src", folder, "java").resolve(path));
    }
}
