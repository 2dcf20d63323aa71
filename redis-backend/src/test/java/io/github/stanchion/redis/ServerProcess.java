package io.github.stanchion.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One running server of a test: a process, its port on 127.0.0.1, its directory and its log.
 *
 * <p>Ends with {@link #close} or with this JVM. For one thread.
 */
final class ServerProcess implements AutoCloseable {

    // Below the ports that systems lend to clients, and so is each port + 10,000, on which a node of a cluster also
    // listens.
    private static final int LOWEST_PORT = 12_000;
    private static final int PORTS = 10_000;
    private static final int PORT_TRIES = 20;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final String TAKEN = "Address already in use";

    private final RedisBinary binary;
    private final int port;
    private final List<String> config;
    private final String ready;
    private final Path directory;
    private final Path log;
    private Process process;

    private ServerProcess(RedisBinary binary, int port, List<String> config, String ready) {
        this.binary = binary;
        this.port = port;
        this.config = config;
        this.ready = ready;
        this.directory = TestProcesses.ofThisJvm().directory("server");
        this.log = directory.resolve("log");
        this.process = launch();
    }

    /**
     * Starts a server on a free port and waits until it serves.
     *
     * @param config options as on the server's command line
     * @throws AssertionError with the server's log, if it does not start
     */
    static ServerProcess start(RedisBinary binary, List<String> config) {
        return start(binary, config, "Ready to accept connections");
    }

    /**
     * Starts a server of another kind.
     *
     * @param ready what its log says once it serves
     */
    static ServerProcess start(RedisBinary binary, List<String> config, String ready) {
        for (int tries = 1; ; tries++) {
            int port = LOWEST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            ServerProcess server = new ServerProcess(binary, port, config, ready);
            try {
                server.awaitReady(0);
                return server;
            } catch (AssertionError failed) {
                boolean taken = server.log().contains(TAKEN);
                server.close();
                if (!taken || tries == PORT_TRIES) {
                    throw failed;
                }
            }
        }
    }

    private Process launch() {
        List<String> command = new ArrayList<>();
        command.add(binary.executable().toString());
        command.addAll(config);
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", directory.toString()));
        try {
            return TestProcesses.ofThisJvm().start(directory, log, command);
        } catch (IOException failed) {
            throw new AssertionError(
                    "Redis server for tests, " + binary.origin() + ", does not start; " + RedisBinary.WAYS, failed);
        }
    }

    private void awaitReady(int from) {
        if (!eventually(() -> log().indexOf(ready, from) >= 0)) {
            throw new AssertionError("Redis server for tests, " + binary.origin() + ", does not start; "
                    + RedisBinary.WAYS + ". Its log:\n" + log());
        }
    }

    /** Waits until the condition holds, at most for some seconds and while the server lives; errors count as not yet. */
    void await(String what, BooleanSupplier condition) {
        if (!eventually(condition)) {
            throw new AssertionError("Waited in vain until server " + port + " " + what + ". Its log:\n" + log());
        }
    }

    private boolean eventually(BooleanSupplier condition) {
        long start = System.nanoTime();
        boolean holds = holds(condition);
        while (!holds && process.isAlive() && System.nanoTime() - start < PATIENCE_NANOS) {
            pause();
            holds = holds(condition);
        }
        return holds;
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (IllegalStateException | UncheckedIOException notYet) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for a Redis server", interrupted);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** All that the server has printed so far. */
    String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Kills the server without warning; connections are cut, what it holds in memory is lost. */
    void kill() {
        TestProcesses.ofThisJvm().kill(process);
    }

    /** Starts a killed server again, on the same port and in the same directory, and waits until it serves. */
    void restart() {
        kill();
        int from = log().length();
        process = launch();
        awaitReady(from);
    }

    /** Freezes the server: its port still takes connections, and nothing is answered. */
    void stop() {
        TestProcesses.ofThisJvm().signal(process, "STOP");
    }

    /** Lets a frozen server go on. */
    void cont() {
        TestProcesses.ofThisJvm().signal(process, "CONT");
    }

    @Override
    public void close() {
        kill();
        TestProcesses.delete(directory);
    }
}
