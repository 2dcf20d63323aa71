package io.github.stanchion.redis;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Another JVM, usually with this one's class path, which is told and tells lines of text.
 *
 * <p>Ends with {@link #close} or with this JVM. For one thread.
 */
public final class TestJvm implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;

    private TestJvm(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.in = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts the main class.
     *
     * @param environment on top of this process's own
     * @param options of the JVM
     */
    public static TestJvm start(Map<String, String> environment, List<String> options, Class<?> main) {
        return start(environment, options, System.getProperty("java.class.path"), main);
    }

    /** Starts the main class on another class path. */
    public static TestJvm start(
            Map<String, String> environment, List<String> options, String classPath, Class<?> main) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Dslf4j.internal.verbosity=ERROR"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            return new TestJvm(TestProcesses.ofThisJvm().start(builder));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public void tell(String line) {
        try {
            in.write(line);
            in.newLine();
            in.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException("JVM " + process.pid() + " does not listen any more", failed);
        }
    }

    /** The next line that it prints. */
    public String line() {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(this::read);
        try {
            return line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for JVM " + process.pid(), interrupted);
        } catch (ExecutionException | TimeoutException failed) {
            throw new AssertionError("JVM " + process.pid() + " says nothing more", failed);
        }
    }

    /** Whether {@link #line} has something to read. */
    boolean hasLine() {
        try {
            return out.ready();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String read() {
        try {
            String line = out.readLine();
            if (line == null) {
                throw new IllegalStateException("It has ended; its errors are in the output of the tests");
            }
            return line;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Ends its input, and waits until it has exited by itself. */
    void end() {
        try {
            in.close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("JVM " + process.pid() + " does not exit though its input has ended");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for JVM " + process.pid(), interrupted);
        }
    }

    /** Freezes it amid whatever it does; the others see its connections open and silent. */
    void stop() {
        TestProcesses.ofThisJvm().signal(process, "STOP");
    }

    /** Lets it go on, frozen or not. */
    void cont() {
        TestProcesses.ofThisJvm().signal(process, "CONT");
    }

    void kill() {
        TestProcesses.ofThisJvm().kill(process);
    }

    @Override
    public void close() {
        kill();
    }
}
