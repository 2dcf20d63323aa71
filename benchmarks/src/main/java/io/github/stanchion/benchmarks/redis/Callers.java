package io.github.stanchion.benchmarks.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/** The threads that call: each asks, waits for its answer, and asks again. */
final class Callers implements AutoCloseable {

    private final Server server;
    private final int threads;
    private final ExecutorService pool;

    Callers(Server server, int threads) {
        this.server = server;
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(threads);
    }

    /** Uses each subject once, or uses its limit up, so that no call that is measured is a subject's first. */
    void prepare(Side side, Limit limit, int subjects) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < subjects; i++) {
            int subject = i;
            all.add(pool.submit(() -> {
                int granted = 0;
                while (side.decide(subject) && !limit.grants()) {
                    if (++granted > limit.capacity()) {
                        throw new IllegalStateException("Side grants more than " + limit.capacity() + " permits");
                    }
                }
            }));
        }
        all.forEach(Lettuce::await);
    }

    /** Calls for so long, and counts all that came of it. */
    Measured call(Side side, int subjects, Duration time) {
        ServerCounts before = server.counts();
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        List<Future<Calls>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(pool.submit(() -> calls(side, subjects, end)));
        }
        long granted = 0;
        Histogram latencies = Measured.histogram();
        for (Future<Calls> each : all) {
            Calls calls = Lettuce.await(each);
            granted += calls.granted;
            latencies.add(calls.latencies);
        }
        long nanos = System.nanoTime() - begin;
        side.settle();
        return new Measured(granted, nanos, latencies, server.counts().since(before));
    }

    private record Calls(long granted, Histogram latencies) {}

    private static Calls calls(Side side, int subjects, long end) {
        SplittableRandom random = new SplittableRandom();
        Histogram latencies = Measured.histogram();
        long granted = 0;
        long began = System.nanoTime();
        while (began - end < 0) {
            if (side.decide(subjects == 1 ? 0 : random.nextInt(subjects))) {
                granted++;
            }
            long now = System.nanoTime();
            latencies.recordValue(now - began);
            began = now;
        }
        return new Calls(granted, latencies);
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
