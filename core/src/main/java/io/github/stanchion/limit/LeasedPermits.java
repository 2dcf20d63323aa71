package io.github.stanchion.limit;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Permits that are charged at the store and not yet spent. Thread-safe, without locks.
 *
 * <p>Each is spent here at most once, or returned to the store, or forgotten; and none is spent once its time is over.
 */
final class LeasedPermits {

    private static final long CLOSED = -1;
    private static final long FORGOTTEN = -2;

    private final AtomicLong left;
    private final long remaining;
    private final long fullMicros;
    private final long sinceNanos;
    private final long endNanos;

    /**
     * @param remaining what the store had left beside these
     * @param fullMicros how long the store's bucket took to fill, at {@code sinceNanos}
     */
    LeasedPermits(long permits, long remaining, long fullMicros, long sinceNanos, long endNanos) {
        this.left = new AtomicLong(permits);
        this.remaining = remaining;
        this.fullMicros = fullMicros;
        this.sinceNanos = sinceNanos;
        this.endNanos = endNanos;
    }

    long endNanos() {
        return endNanos;
    }

    boolean isOver(long nowNanos) {
        return nowNanos - endNanos >= 0;
    }

    /** How many permits are left; none once closed. */
    long left() {
        return Math.max(0, left.get());
    }

    /** Spends permits, all or none. */
    boolean spend(long cost, long nowNanos) {
        if (isOver(nowNanos)) {
            return false;
        }
        long had = left.get();
        while (had >= cost) {
            long seen = left.compareAndExchange(had, had - cost);
            if (seen == had) {
                return true;
            }
            had = seen;
        }
        return false;
    }

    /** Puts back what was spent for a call that another limit refused; false if the store must be told. */
    boolean putBack(long cost) {
        long had = left.get();
        while (had >= 0) {
            long seen = left.compareAndExchange(had, had + cost);
            if (seen == had) {
                return true;
            }
            had = seen;
        }
        return had == FORGOTTEN;
    }

    /** Ends it; returns what was left and is to be returned to the store. */
    long close() {
        return Math.max(0, left.getAndSet(CLOSED));
    }

    /** Ends it, as the store knows nothing any more of what was charged. */
    void forget() {
        left.set(FORGOTTEN);
    }

    /** What the limit says to a call that has been served from here. */
    RateReply reply(long cost, long nowNanos) {
        long passed = Math.max(0, nowNanos - sinceNanos) / 1_000;
        return new RateReply(true, cost, remaining + left(), 0, Math.max(1, fullMicros - passed), false, List.of());
    }
}
