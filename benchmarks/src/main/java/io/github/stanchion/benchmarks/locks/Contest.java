package io.github.stanchion.benchmarks.locks;

import io.github.stanchion.benchmarks.redis.Lettuce;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Threads that want locks, and how long they take to get them, in nanoseconds. */
final class Contest implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();

    private volatile long freed;

    /** One caller that takes and frees a lock which nobody else wants. */
    Histogram cycles(LockSide side, Duration time) throws InterruptedException {
        Histogram all = new Histogram(2);
        long end = System.nanoTime() + time.toNanos();
        long began = System.nanoTime();
        while (began - end < 0) {
            side.take("cycle").free();
            long now = System.nanoTime();
            all.recordValue(now - began);
            began = now;
        }
        return all;
    }

    /**
     * Of a chain of processes that all wait for one lock, from when one begins to free it until the next has it. Chains are
     * run until the time is over.
     */
    Histogram handOvers(List<LockSide> processes, Duration time) throws InterruptedException {
        Histogram all = new Histogram(2);
        long end = System.nanoTime() + time.toNanos();
        do {
            LockSide.Held first = processes.get(0).take("chain");
            CountDownLatch asking = new CountDownLatch(processes.size() - 1);
            List<Future<?>> waiting = new ArrayList<>();
            for (LockSide process : processes.subList(1, processes.size())) {
                waiting.add(threads.submit(() -> {
                    asking.countDown();
                    LockSide.Held held = process.take("chain");
                    // Holders follow each other: nobody else writes.
                    all.recordValue(System.nanoTime() - freed);
                    freed = System.nanoTime();
                    held.free();
                    return null;
                }));
            }
            asking.await();
            TimeUnit.MILLISECONDS.sleep(50);
            freed = System.nanoTime();
            first.free();
            waiting.forEach(Lettuce::await);
        } while (System.nanoTime() - end < 0);
        return all;
    }

    /** What each of many threads has waited, of one process or of several, that take one lock over and over. */
    List<Histogram> waits(List<LockSide> processes, int callers, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        List<Future<Histogram>> calling = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            LockSide side = processes.get(i % processes.size());
            calling.add(threads.submit(() -> {
                Histogram own = new Histogram(2);
                long began = System.nanoTime();
                while (began - end < 0) {
                    LockSide.Held held = side.take("hot");
                    own.recordValue(System.nanoTime() - began);
                    held.free();
                    began = System.nanoTime();
                }
                return own;
            }));
        }
        return calling.stream().map(Lettuce::await).toList();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
