package io.github.stanchion.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Processes and files that end with this JVM, however it ends.
 *
 * <p>A shell waits on a pipe from this JVM. The operating system closes that pipe when the JVM exits or is killed; then the
 * shell kills every process noted in {@code <root>/pids} and removes the root. Thread-safe.
 */
final class TestProcesses {

    private static final TestProcesses OF_THIS_JVM = new TestProcesses();

    private static final String JANITOR =
            """
            trap '' INT TERM HUP
            while read -r line; do :; done
            for pid in "$1"/pids/*; do kill -9 "${pid##*/}"; done
            tries=0
            until rm -rf "$1" || [ $tries -ge 50 ]; do tries=$((tries + 1)); done
            """;

    private final Path root;
    private final Path pids;
    private final AtomicInteger directories = new AtomicInteger();

    private TestProcesses() {
        try {
            root = Files.createTempDirectory("stanchion-test-");
            pids = Files.createDirectory(root.resolve("pids"));
            ProcessBuilder janitor = new ProcessBuilder("/bin/sh", "-c", JANITOR, "janitor", root.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            janitor.environment().put("PATH", "/usr/bin:/bin");
            janitor.start();
        } catch (IOException failed) {
            throw new UncheckedIOException("Test processes need /bin/sh and a directory for temporary files", failed);
        }
    }

    static TestProcesses ofThisJvm() {
        return OF_THIS_JVM;
    }

    /** A new, empty directory, removed when this JVM ends if not before. */
    Path directory(String name) {
        try {
            return Files.createDirectory(root.resolve(name + "-" + directories.incrementAndGet()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Starts a process in the directory; all that it prints goes to the log. */
    Process start(Path directory, Path log, List<String> command) throws IOException {
        return start(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    Process start(ProcessBuilder command) throws IOException {
        Process process = command.start();
        Files.createFile(pids.resolve(Long.toString(process.pid())));
        return process;
    }

    /** Kills a process that was started here, and returns once it is gone. */
    void kill(Process process) {
        process.destroyForcibly();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new AssertionError("Process " + process.pid() + " survives being killed");
            }
            Files.deleteIfExists(pids.resolve(Long.toString(process.pid())));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while process " + process.pid() + " ended", interrupted);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Sends a signal by its name, such as {@code STOP}. */
    void signal(Process process, String name) {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid()).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new AssertionError("Process " + process.pid() + " cannot be sent signal " + name);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while sending signal " + name, interrupted);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot remove " + directory, failed);
        }
    }
}
