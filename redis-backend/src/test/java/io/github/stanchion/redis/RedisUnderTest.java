package io.github.stanchion.redis;

import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The server that tests share: the one at {@code REDIS_URL}; else one of our own, started from {@code redis-server} or
 * {@code valkey-server} on the PATH; else one from the binary of the embedded-redis dependency.
 *
 * <p>The system property {@code stanchion.test.redis} with {@code url}, {@code path} or {@code embedded} forces one of them. Where
 * none is found, or the one found does not start, tests fail; they are never skipped. An own server runs from the first use until
 * this JVM ends. The server at {@code REDIS_URL} belongs to somebody: tests use keys under a {@link #prefix} alone, and no
 * command that concerns the whole server; for those there is {@link OwnRedis}. Thread-safe.
 */
public final class RedisUnderTest {

    private static final String FORCE = "stanchion.test.redis";

    private RedisUnderTest() {}

    /** Where the server is, as {@code redis://host:port}. */
    public static String uri() {
        return Shared.URI;
    }

    /** A key prefix that no other test has. */
    public static String prefix() {
        return "test-" + UUID.randomUUID().toString().substring(0, 13);
    }

    /** Sends one command on a connection of its own; replies and errors are those of {@link OwnRedis#command}. */
    public static @Nullable Object command(String... words) {
        try (RespConnection connection = RespConnection.to(URI.create(uri()))) {
            return connection.command(words);
        }
    }

    /** What own servers of tests are started from. */
    static RedisBinary binary() {
        Source source = Source.choose(System.getProperty(FORCE), System.getenv());
        return source.binary() != null
                ? source.binary()
                : RedisBinary.find(System.getenv().getOrDefault("PATH", ""));
    }

    /**
     * Which server it is; one of both is absent.
     *
     * @param url of a running server
     * @param binary to start one from
     */
    record Source(@Nullable String url, @Nullable RedisBinary binary) {

        static Source choose(@Nullable String forced, Map<String, String> environment) {
            String url = environment.get("REDIS_URL");
            String path = environment.getOrDefault("PATH", "");
            if (forced == null || forced.isEmpty()) {
                return url != null && !url.isEmpty() ? new Source(url, null) : new Source(null, RedisBinary.find(path));
            }
            return switch (forced) {
                case "url" -> new Source(found(url, forced, "REDIS_URL is not set"), null);
                case "path" ->
                    new Source(
                            null,
                            found(
                                    RedisBinary.onPath(path),
                                    forced,
                                    "neither redis-server nor valkey-server is on the PATH"));
                case "embedded" -> new Source(null, RedisBinary.embedded());
                default ->
                    throw new AssertionError(
                            "Value '" + forced + "' of " + FORCE + " is unknown; use url, path or embedded");
            };
        }

        private static <T> T found(@Nullable T thing, String forced, String otherwise) {
            if (thing == null) {
                throw new AssertionError("Redis server '" + forced + "' of " + FORCE + " is not there: " + otherwise
                        + "; " + RedisBinary.WAYS);
            }
            return thing;
        }
    }

    private static final class Shared {

        static final String URI = open(Source.choose(System.getProperty(FORCE), System.getenv()));

        private static String open(Source source) {
            String url = source.url();
            if (url != null) {
                return reached(url);
            }
            return OwnRedis.start().uri();
        }

        private static String reached(String url) {
            try (RespConnection connection = RespConnection.to(java.net.URI.create(url))) {
                connection.command("PING");
                return url;
            } catch (RuntimeException failed) {
                throw new AssertionError("Redis server at REDIS_URL does not answer; " + RedisBinary.WAYS, failed);
            }
        }
    }
}
