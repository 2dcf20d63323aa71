package io.github.stanchion.benchmarks;

import java.util.concurrent.atomic.AtomicLong;

/** The floor: a token bucket as one number, decided by one clock read and one compare-and-set; no store, no policy. */
final class BareBucket {

    private final AtomicLong empty = new AtomicLong(Long.MIN_VALUE);
    private final long capacityNanos;
    private final long nanosPerPermit;

    BareBucket(long capacity, long periodNanos) {
        this.nanosPerPermit = periodNanos / capacity;
        this.capacityNanos = capacity * nanosPerPermit;
    }

    boolean tryAcquire() {
        long now = System.nanoTime();
        while (true) {
            long seen = empty.get();
            long from = Math.max(seen, now - capacityNanos);
            if (now - from < nanosPerPermit) {
                return false;
            }
            if (empty.compareAndSet(seen, from + nanosPerPermit)) {
                return true;
            }
        }
    }
}
