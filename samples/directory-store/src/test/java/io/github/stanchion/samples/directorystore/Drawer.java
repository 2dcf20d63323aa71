package io.github.stanchion.samples.directorystore;

import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.Ttl;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/** A process of its own that draws numbers from the counter of a folder, and prints each. */
final class Drawer implements AutoCloseable {

    private final Process process;
    private final BufferedReader drawn;

    private Drawer(Process process) {
        this.process = process;
        this.drawn = process.inputReader(StandardCharsets.US_ASCII);
    }

    /** Starts a process; it ends after so many numbers. */
    static Drawer start(Path folder, int numbers) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        return new Drawer(new ProcessBuilder(
                        java, "-cp", classPath, Drawer.class.getName(), folder.toString(), String.valueOf(numbers))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** All numbers drawn to the end. */
    List<Long> all() throws InterruptedException {
        List<Long> numbers = drawn.lines().map(Long::valueOf).toList();
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new AssertionError("The process has not ended well");
        }
        return numbers;
    }

    /** Kills the process once it has drawn so many numbers; all numbers that it lived to print. */
    List<Long> kill(int after) throws IOException, InterruptedException {
        List<Long> numbers = new ArrayList<>();
        while (numbers.size() < after) {
            numbers.add(Long.valueOf(drawn.readLine()));
        }
        // By its handle: the process itself would close its output too.
        process.toHandle().destroyForcibly();
        drawn.lines().map(Long::valueOf).forEach(numbers::add);
        process.waitFor();
        return numbers;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    static AtomicCounters counters(Path folder) {
        return new AtomicCounters(
                new DirectoryStore(folder, MicroClock.system(), ForkJoinPool.commonPool()), "processes");
    }

    public static void main(String[] args) {
        AtomicCounters counters = counters(Path.of(args[0]));
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            System.out.println(counters.increment("drawn", Ttl.none()).value());
        }
    }
}
