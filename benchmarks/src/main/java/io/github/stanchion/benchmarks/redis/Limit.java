package io.github.stanchion.benchmarks.redis;

import java.time.Duration;

/** The limits that all sides decide by: a token bucket of one bandwidth, full at first. */
enum Limit {

    /** A billion in store, more than a run can use, that come back so slowly that no state ends between two calls. */
    GRANTED(1_000_000_000, 1, Duration.ofSeconds(2)),

    /** Two a day, used up before anything is measured. */
    DENIED(2, 2, Duration.ofDays(1));

    private final int capacity;
    private final int refill;
    private final Duration period;

    Limit(int capacity, int refill, Duration period) {
        this.capacity = capacity;
        this.refill = refill;
        this.period = period;
    }

    int capacity() {
        return capacity;
    }

    /** So many permits come in a period, evenly. */
    int refill() {
        return refill;
    }

    Duration period() {
        return period;
    }

    /** A permit comes every so many microseconds: both limits have a whole number. */
    long microsPerPermit() {
        return period.toNanos() / 1_000 / refill;
    }

    /** As settings write it. */
    String text() {
        return refill + "/" + period.toSeconds() + "s burst " + capacity;
    }

    boolean grants() {
        return this == GRANTED;
    }
}
