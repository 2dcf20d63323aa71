package io.github.stanchion.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server of a single test, which may be flushed, paused, frozen, killed and started again at will.
 *
 * <p>Never the server of {@code REDIS_URL}. Keeps nothing on disk, listens on 127.0.0.1 alone, ends with {@link #close} or with
 * this JVM. For one thread.
 */
public final class OwnRedis implements AutoCloseable {

    private static final List<String> NO_PERSISTENCE = List.of("--save", "", "--appendonly", "no");
    private static final Pattern COMMAND_CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");

    private final ServerProcess server;

    private OwnRedis(ServerProcess server) {
        this.server = server;
    }

    /**
     * Starts a server and waits until it serves.
     *
     * @param config options as on the server's command line, such as {@code "--maxmemory", "4mb"}
     * @throws AssertionError with the server's log, if it does not start
     */
    public static OwnRedis start(String... config) {
        return start(RedisUnderTest.binary(), config);
    }

    static OwnRedis start(RedisBinary binary, String... config) {
        List<String> all = new ArrayList<>(NO_PERSISTENCE);
        all.addAll(List.of(config));
        return new OwnRedis(ServerProcess.start(binary, all));
    }

    public int port() {
        return server.port();
    }

    public String uri() {
        return "redis://127.0.0.1:" + port();
    }

    public long pid() {
        return server.pid();
    }

    /** All that the server has printed so far. */
    public String log() {
        return server.log();
    }

    /**
     * Sends one command on a connection of its own.
     *
     * @return {@code String}, {@code Long}, a list of the same, or null for nil
     * @throws IllegalStateException with the server's words, if it answers with an error
     */
    public @Nullable Object command(String... words) {
        try (RespConnection connection = RespConnection.to(port())) {
            return connection.command(words);
        }
    }

    /**
     * How often each command was called since the start or {@link #resetStats}, those that scripts called included; without
     * the commands of this fixture itself. Names are in lower case.
     */
    public Map<String, Long> commandStats() {
        Map<String, Long> calls = new TreeMap<>();
        Matcher entry = COMMAND_CALLS.matcher(String.valueOf(command("INFO", "commandstats")));
        while (entry.find()) {
            calls.put(entry.group(1), Long.valueOf(entry.group(2)));
        }
        calls.keySet().removeAll(List.of("info", "config", "config|resetstat", "monitor", "echo"));
        return calls;
    }

    public void resetStats() {
        command("CONFIG", "RESETSTAT");
    }

    /** Starts to note what clients send. */
    public CommandLog commandLog() {
        return new CommandLog(this);
    }

    /** Waits until the condition holds, at most for some seconds; errors count as not yet. */
    void await(String what, BooleanSupplier condition) {
        server.await(what, condition);
    }

    /** Kills the server without warning: connections are cut, and what it holds is lost. */
    public void kill() {
        server.kill();
    }

    /** Starts the killed server again, empty, on the same port, and waits until it serves. */
    public void restart() {
        server.restart();
    }

    /** Freezes the server: its port still takes connections and commands, and nothing is answered. */
    public void stop() {
        server.stop();
    }

    /** Lets the frozen server go on, with all that was sent meanwhile. */
    public void cont() {
        server.cont();
    }

    @Override
    public void close() {
        server.close();
    }
}
