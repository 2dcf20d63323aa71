package io.github.stanchion.benchmarks.redis;

import java.util.Locale;

/**
 * What every side goes through.
 *
 * @param threads callers, each with one call at a time
 * @param subjects whose limits are asked for, all equally often
 */
record Scenario(Limit limit, int threads, int subjects) {

    String title() {
        return String.format(
                Locale.ROOT,
                "%s, %,d %s, %,d %s",
                limit.grants() ? "Granted" : "Denied",
                threads,
                threads == 1 ? "thread" : "threads",
                subjects,
                subjects == 1 ? "key" : "keys");
    }
}
