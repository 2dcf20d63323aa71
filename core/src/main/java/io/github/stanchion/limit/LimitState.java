package io.github.stanchion.limit;

import java.util.concurrent.atomic.AtomicInteger;

/** What this process knows of a policy beside its settings; outlives reloads. Thread-safe. */
final class LimitState {

    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean degraded;
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
        return degraded;
    }

    /** Notes whether the store is away; true if that is news. */
    boolean degraded(boolean now) {
        if (degraded == now) {
            return false;
        }
        degraded = now;
        return true;
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
