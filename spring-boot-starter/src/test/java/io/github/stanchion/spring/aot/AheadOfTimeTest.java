package io.github.stanchion.spring.aot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.redis.RedisUnderTest;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;

/** An application that is processed ahead of time and started, in a JVM of its own, from what was generated. */
class AheadOfTimeTest {

    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final String EXPOSED = "--management.endpoints.web.exposure.include=stanchionconsole";

    @TempDir
    private Path folder;

    @Test
    void guardsDecideAsWithoutIt() throws Exception {
        assertThat(toldAheadOfTime(EXPOSED))
                .containsExactly(
                        "generated",
                        "served bob",
                        "served bob",
                        "closed for bob",
                        "served eve",
                        "open, locked: true",
                        "refused by opening",
                        "6 decisions of limits, 1 of locks",
                        "store MemoryStore",
                        "console true")
                .endsWith(AheadOfTimeApplication.tell(EXPOSED).toArray(String[]::new));
    }

    @Test
    void scriptsDecideOnRedis() throws Exception {
        String uri = "--stanchion.redis.uri=" + RedisUnderTest.uri();
        String noOther = "--stanchion.defaults.rate-limit.on-store-failure=throw";
        String prefix = "--stanchion.key-prefix=";

        assertThat(toldAheadOfTime(EXPOSED, uri, noOther, prefix + RedisUnderTest.prefix()))
                .startsWith("generated", "served bob", "served bob", "closed for bob")
                .contains("open, locked: true", "refused by opening", "store RestartableStore")
                .endsWith(AheadOfTimeApplication.tell(EXPOSED, uri, noOther, prefix + RedisUnderTest.prefix())
                        .toArray(String[]::new));
    }

    private List<String> toldAheadOfTime(String... args) throws Exception {
        Path sources = folder.resolve("sources");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Settings settings = Settings.builder()
                .sourceOutput(sources)
                .resourceOutput(classes)
                .classOutput(classes)
                .groupId("io.github.stanchion")
                .artifactId("ahead-of-time")
                .build();
        new SpringApplicationAotProcessor(AheadOfTimeApplication.class, settings, args).process();
        compile(sources, classes);
        return told(classes, args);
    }

    private static void compile(Path sources, Path classes) throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", classes + File.pathSeparator + CLASS_PATH));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(options::add);
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new)))
                .as("errors of the compiler")
                .isZero();
    }

    private List<String> told(Path classes, String... args) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Dspring.aot.enabled=true",
                "-cp",
                classes + File.pathSeparator + CLASS_PATH,
                AheadOfTimeApplication.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(Redirect.INHERIT)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(out);
        assertThat(process.exitValue()).as(() -> String.join("\n", lines)).isZero();
        return lines.stream()
                .filter(line -> line.startsWith(AheadOfTimeApplication.TOLD))
                .map(line -> line.substring(AheadOfTimeApplication.TOLD.length()))
                .toList();
    }
}
