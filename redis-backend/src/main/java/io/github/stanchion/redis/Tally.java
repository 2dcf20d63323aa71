package io.github.stanchion.redis;

import java.util.concurrent.atomic.LongAdder;

/** Counts what meters show. Thread-safe; a count costs an addition. */
final class Tally {

    private final LongAdder trips = new LongAdder();
    private final LongAdder scriptsLoaded = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder undone = new LongAdder();
    private final LongAdder undoFailed = new LongAdder();
    private final LongAdder signals = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final LongAdder coalescedBatches = new LongAdder();
    private final LongAdder coalescedCalls = new LongAdder();

    void trip() {
        trips.increment();
    }

    void scriptLoaded() {
        scriptsLoaded.increment();
        trips.increment();
    }

    void late() {
        late.increment();
    }

    void undone(boolean done) {
        (done ? undone : undoFailed).increment();
    }

    void signal() {
        signals.increment();
    }

    void gap() {
        gaps.increment();
    }

    void coalesced(int calls) {
        coalescedBatches.increment();
        coalescedCalls.add(calls);
    }

    RedisStoreStats stats(int openBreakers) {
        return new RedisStoreStats(
                trips.sum(),
                scriptsLoaded.sum(),
                late.sum(),
                undone.sum(),
                undoFailed.sum(),
                signals.sum(),
                gaps.sum(),
                coalescedBatches.sum(),
                coalescedCalls.sum(),
                openBreakers);
    }
}
