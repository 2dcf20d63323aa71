package io.github.stanchion.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Notes for how long this machine lets a thread wait that wants to go on. */
final class Stalls implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean over;

    Stalls() {
        Thread thread = new Thread(this::watch, "stalls");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!over) {
            long start = System.nanoTime();
            LockSupport.parkNanos(PAUSE_NANOS);
            longestNanos.accumulateAndGet(System.nanoTime() - start - PAUSE_NANOS, Math::max);
        }
    }

    /** A hand-over between processes takes as much longer, up to three times: to read, to decide, to write. */
    Duration longest() {
        return Duration.ofNanos(3 * longestNanos.get());
    }

    @Override
    public void close() {
        over = true;
    }
}
