package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RedisUnderTestTest {

    @Test
    void sharedServerAnswersAndIsOneOfOurFloorOrNewer() {
        String info = String.valueOf(RedisUnderTest.command("INFO", "server"));

        String version = info.lines()
                .filter(line -> line.startsWith("redis_version:"))
                .findFirst()
                .orElseThrow();
        int[] parts = Arrays.stream(
                        version.substring("redis_version:".length()).strip().split("\\."))
                .mapToInt(Integer::parseInt)
                .toArray();
        assertThat(parts[0] * 100 + parts[1]).isGreaterThanOrEqualTo(602);
        assertThat(RedisUnderTest.prefix()).matches("[A-Za-z0-9._-]{1,32}").isNotEqualTo(RedisUnderTest.prefix());
    }

    @Test
    void takesTheUrlThenThePathThenTheEmbeddedBinary(@TempDir Path bin) throws IOException {
        Path valkey = executable(bin, "valkey-server", "exit 1");
        Map<String, String> path = Map.of("PATH", "/nowhere:" + bin);

        assertThat(RedisUnderTest.Source.choose(null, Map.of("PATH", bin.toString(), "REDIS_URL", "redis://h:1")))
                .isEqualTo(new RedisUnderTest.Source("redis://h:1", null));
        assertThat(chosen("", path)).isEqualTo(valkey);
        assertThat(chosen("path", path)).isEqualTo(valkey);
        assertThat(chosen("embedded", path)).isEqualTo(RedisBinary.embedded().executable());
        assertThat(chosen("", Map.of("PATH", "")))
                .isEqualTo(RedisBinary.embedded().executable());

        Path redis = executable(bin, "redis-server", "exit 1");
        assertThat(chosen("", path)).isEqualTo(redis);
    }

    @Test
    void namesTheThreeWaysWhereTheForcedOneIsNotThere() {
        assertThatThrownBy(() -> RedisUnderTest.Source.choose("url", Map.of()))
                .isInstanceOf(AssertionError.class)
                .hasMessage("Redis server 'url' of stanchion.test.redis is not there: REDIS_URL is not set; "
                        + "set REDIS_URL to a running server, put redis-server or valkey-server on the PATH, or run on a "
                        + "platform for which the embedded-redis dependency has a binary (on Linux it needs libssl 3)");
        assertThatThrownBy(() -> RedisUnderTest.Source.choose("path", Map.of("PATH", "/nowhere")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("neither redis-server nor valkey-server is on the PATH; set REDIS_URL");
        assertThatThrownBy(() -> RedisUnderTest.Source.choose("docker", Map.of()))
                .isInstanceOf(AssertionError.class)
                .hasMessage("Value 'docker' of stanchion.test.redis is unknown; use url, path or embedded");
    }

    @Test
    void failsWithTheLogAndTheThreeWaysWhereTheOneFoundDoesNotStart(@TempDir Path bin) throws IOException {
        Path broken = executable(bin, "redis-server", "echo no such library; exit 127");

        assertThatThrownBy(() -> OwnRedis.start(new RedisBinary(broken, "a broken one")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "a broken one, does not start; set REDIS_URL to a running server, put redis-server")
                .hasMessageContaining("no such library");
        assertThatThrownBy(() -> OwnRedis.start(new RedisBinary(bin.resolve("missing"), "a missing one")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a missing one, does not start; set REDIS_URL");
        assertThatThrownBy(() -> OwnRedis.start("--no-such-option", "1"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no-such-option");
    }

    @Test
    void startsTheEmbeddedBinaryWithNothingOnThePath() throws Exception {
        try (TestJvm child = child(Map.of("PATH", "", "REDIS_URL", ""), "")) {
            assertThat(child.line()).startsWith("6.2.");
        }
    }

    @Test
    void serverAndFilesEndWithAJvmThatExits() throws Exception {
        try (TestJvm child = child(Map.of(), "embedded")) {
            child.line();
            Traces traces = Traces.of(child);

            child.end();

            traces.assertGone();
        }
    }

    @Test
    void serverAndFilesEndWithAJvmThatIsKilled() throws Exception {
        try (TestJvm child = child(Map.of(), "embedded")) {
            child.line();
            Traces traces = Traces.of(child);

            child.kill();

            traces.assertGone();
        }
    }

    private static TestJvm child(Map<String, String> environment, String forced) {
        return TestJvm.start(environment, List.of("-Dstanchion.test.redis=" + forced), OpensTheSharedServer.class);
    }

    private static Path chosen(String forced, Map<String, String> environment) {
        RedisBinary binary = RedisUnderTest.Source.choose(forced, environment).binary();
        assertThat(binary).isNotNull();
        return binary.executable();
    }

    private static Path executable(Path directory, String name, String script) throws IOException {
        Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What a JVM's servers leave in the system while they run. */
    private record Traces(ProcessHandle server, Path directory) {

        static Traces of(TestJvm child) {
            return new Traces(ProcessHandle.of(Long.parseLong(child.line())).orElseThrow(), Path.of(child.line()));
        }

        void assertGone() throws InterruptedException {
            assertThat(directory).isNotNull();
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while ((server.isAlive() || Files.exists(directory)) && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            assertThat(server.isAlive()).as("server").isFalse();
            assertThat(directory).as("files").doesNotExist();
        }
    }

    /** Opens the shared server, says what it is, and exits once its input ends. */
    static final class OpensTheSharedServer {

        private OpensTheSharedServer() {}

        public static void main(String[] none) throws IOException {
            for (String field : List.of("redis_version", "process_id", "config_file")) {
                String.valueOf(RedisUnderTest.command("INFO", "server"))
                        .lines()
                        .filter(line -> line.startsWith(field + ":"))
                        .map(line -> line.substring(field.length() + 1).strip())
                        .filter(value -> !value.isEmpty())
                        .forEach(System.out::println);
            }
            System.out.println(RedisUnderTest.command("CONFIG", "GET", "dir") instanceof List<?> dir ? dir.get(1) : "");
            while (System.in.read() >= 0) {
                // Waits for the end of the input.
            }
        }
    }
}
