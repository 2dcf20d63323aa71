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
        process(EXPOSED);

        assertThat(run(EXPOSED).told())
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
    void scriptsDecideOnRedisWhichNeedNotBeKnownBefore() throws Exception {
        String uri = "--stanchion.redis.uri=" + RedisUnderTest.uri();
        String noOther = "--stanchion.defaults.rate-limit.on-store-failure=throw";
        String prefix = "--stanchion.key-prefix=";
        process(EXPOSED, "--stanchion.store=redis");

        assertThat(run(EXPOSED, uri, noOther, prefix + RedisUnderTest.prefix()).told())
                .startsWith("generated", "served bob", "served bob", "closed for bob")
                .contains("open, locked: true", "refused by opening", "store RestartableStore")
                .endsWith(AheadOfTimeApplication.tell(EXPOSED, uri, noOther, prefix + RedisUnderTest.prefix())
                        .toArray(String[]::new));
    }

    @Test
    void redisThatIsConfiguredOnlyAfterwardsStopsTheStart() throws Exception {
        process(EXPOSED);

        assertThat(run(EXPOSED, "--spring.data.redis.host=localhost").failure())
                .contains(
                        "Property spring.data.redis.host says where Redis is, and the application was processed ahead of"
                                + " time without a store there.")
                .contains("Set stanchion.store=redis when it is processed, or stanchion.store=memory to keep state in"
                        + " memory.");
        assertThat(run(EXPOSED, "--stanchion.store=redis").failure())
                .contains("Set it when the application is processed ahead of time, too");
        assertThat(run(EXPOSED, "--spring.data.redis.host=localhost", "--stanchion.store=memory")
                        .told())
                .contains("store MemoryStore");
    }

    private void process(String... args) throws IOException {
        Path sources = folder.resolve("sources");
        Path classes = Files.createDirectories(classes());
        Settings settings = Settings.builder()
                .sourceOutput(sources)
                .resourceOutput(classes)
                .classOutput(classes)
                .groupId("io.github.stanchion")
                .artifactId("ahead-of-time")
                .build();
        new SpringApplicationAotProcessor(AheadOfTimeApplication.class, settings, args).process();
        compile(sources, classes);
    }

    private Path classes() {
        return folder.resolve("classes");
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

    private Run run(String... args) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Dspring.aot.enabled=true",
                "-cp",
                classes() + File.pathSeparator + CLASS_PATH,
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
        return new Run(process.exitValue(), Files.readString(out));
    }

    private record Run(int status, String out) {

        List<String> told() {
            assertThat(status).as(out).isZero();
            return out.lines()
                    .filter(line -> line.startsWith(AheadOfTimeApplication.TOLD))
                    .map(line -> line.substring(AheadOfTimeApplication.TOLD.length()))
                    .toList();
        }

        String failure() {
            assertThat(status).as(out).isNotZero();
            return out;
        }
    }
}
