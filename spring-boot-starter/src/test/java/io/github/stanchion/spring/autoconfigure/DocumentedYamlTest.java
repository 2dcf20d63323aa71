package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.lock.LockPolicies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.env.ConfigurableEnvironment;

/** What readers copy from the documents works: each block of settings binds as an application's would, and is valid. */
class DocumentedYamlTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(stanchion:.*?)^```$");

    static Stream<Arguments> blocks() throws IOException {
        return documents().stream().flatMap(DocumentedYamlTest::blocks);
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> documents = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), documents.sorted())
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static Stream<Arguments> blocks(Path document) {
        String text = read(document);
        Matcher block = BLOCK.matcher(text);
        return block.results().map(found -> {
            long line = text.substring(0, found.start()).lines().count() + 1;
            return Arguments.of(document.getFileName() + ":" + line, found.group(1));
        });
    }

    private static String read(Path document) {
        try {
            return Files.readString(document);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blocks")
    void blocksBindAndAreValid(String place, String yaml) {
        ConfigurableEnvironment environment = Yaml.environment(yaml);
        PropertiesBinding.checkSpellings(environment);
        StanchionProperties properties = PropertiesBinding.bind(environment);

        RateLimitPolicies policies = RateLimitPolicies.builder()
                .defaults(properties.rateLimitDefaults(true))
                .configured(properties.rateLimitSettings(true))
                .build();

        LockPolicies locks = LockPolicies.builder()
                .defaults(properties.lockDefaults(true))
                .configured(properties.lockSettings(true))
                .build();

        assertThat(policies.unused()).as(place).hasSize(properties.rateLimits().size());
        assertThat(locks.unused()).as(place).hasSize(properties.locks().size());
        new GuardOrder(properties.order());
    }

    @Test
    void readmeIsShort() {
        assertThat(read(ROOT.resolve("README.md")).lines()).hasSizeLessThanOrEqualTo(200);
    }
}
