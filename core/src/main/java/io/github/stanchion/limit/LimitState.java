package io.github.stanchion.limit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What this process knows of a policy beside its settings; outlives reloads. Thread-safe. */
final class LimitState {

    /** Where one of several servers hangs, calls fail and succeed in turn; that is one outage, not many. */
    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean degraded = new AtomicBoolean();
    private volatile long failedNanos;
    private volatile boolean used;
    private volatile boolean unknownCostSeen;
    private volatile boolean givenBack;

    /** Enters the waiting room; false if it is full, and then nothing has changed. */
    boolean enter(int mostWaiters) {
        if (waiting.incrementAndGet() <= mostWaiters) {
            return true;
        }
        waiting.decrementAndGet();
        return false;
    }

    void leave() {
        waiting.decrementAndGet();
    }

    int waiting() {
        return waiting.get();
    }

    boolean isDegraded() {
        return degraded.get();
    }

    /** The store has failed a call; true if that is news. */
    boolean failed(long nowNanos) {
        failedNanos = nowNanos;
        return !degraded.get() && degraded.compareAndSet(false, true);
    }

    /** The store has answered; true if it is back by that, as none of its calls has failed for a while. */
    boolean recovered(long nowNanos) {
        return degraded.get() && nowNanos - failedNanos >= CALM_NANOS && degraded.compareAndSet(true, false);
    }

    /** Whatever has failed before counts no more. */
    void calm() {
        degraded.set(false);
    }

    /** Whether permits of this policy were ever given back, so that more may be there than a refusal has promised. */
    boolean hasGivenBack() {
        return givenBack;
    }

    void givesBack() {
        if (!givenBack) {
            givenBack = true;
        }
    }

    /** Whether this is the first time that a real cost could not be found out. */
    boolean firstUnknownCost() {
        boolean first = !unknownCostSeen;
        unknownCostSeen = true;
        return first;
    }

    boolean isUsed() {
        return used;
    }

    /** Somebody asked for the policy by name. */
    void use() {
        if (!used) {
            used = true;
        }
    }
}
