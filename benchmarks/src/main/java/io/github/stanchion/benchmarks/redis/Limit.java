package io.github.stanchion.benchmarks.redis;

import java.time.Duration;

/** The limits that all sides decide by: a token bucket of one bandwidth, full at first. */
enum Limit {

    /** A permit a microsecond and a billion in store: more than a run can use. */
    GRANTED(1_000_000_000, Duration.ofSeconds(1_000)),

    /** Two a day, used up before anything is measured. */
    DENIED(2, Duration.ofDays(1));

    private final int permits;
    private final Duration period;

    Limit(int permits, Duration period) {
        this.permits = permits;
        this.period = period;
    }

    /** The capacity, which is also what comes in a period. */
    int permits() {
        return permits;
    }

    Duration period() {
        return period;
    }

    /** A permit comes every so many microseconds: both limits have a whole number. */
    long microsPerPermit() {
        return period.toNanos() / 1_000 / permits;
    }

    /** As settings write it. */
    String text() {
        return permits + "/" + period.toSeconds() + "s";
    }

    boolean grants() {
        return this == GRANTED;
    }
}
