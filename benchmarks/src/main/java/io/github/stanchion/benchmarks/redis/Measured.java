package io.github.stanchion.benchmarks.redis;

import org.HdrHistogram.Histogram;

/**
 * What one side did in one scenario, or in a slice of it.
 *
 * @param nanos from the first call's begin to the last one's end
 * @param latencies of all calls, in nanoseconds
 */
record Measured(long granted, long nanos, Histogram latencies, ServerCounts counts) {

    /** Two digits are enough for a percentile, and keep out of the caches. */
    static Histogram histogram() {
        return new Histogram(2);
    }

    static Measured nothing() {
        return new Measured(0, 0, histogram(), ServerCounts.NONE);
    }

    Measured plus(Measured other) {
        Histogram both = latencies.copy();
        both.add(other.latencies);
        return new Measured(granted + other.granted, nanos + other.nanos, both, counts.plus(other.counts));
    }

    long decisions() {
        return latencies.getTotalCount();
    }

    double perSecond() {
        return decisions() * 1e9 / nanos;
    }

    double cpuMicrosPerDecision() {
        return counts.cpuMicros() / decisions();
    }

    double micros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1_000.0;
    }
}
