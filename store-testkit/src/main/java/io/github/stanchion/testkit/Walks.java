package io.github.stanchion.testkit;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Runs random walks, each from a seed of its own, and names the seed of the one that fails.
 *
 * <p>{@code -Dstanchion.seed=<n>} repeats the walk of that seed first, {@code -Dstanchion.walks=<factor>} multiplies their
 * number.
 */
final class Walks {

    private static final int FACTOR = Integer.getInteger("stanchion.walks", 1);

    private Walks() {}

    static void run(int count, Consumer<Random> walk) {
        Long given = Long.getLong("stanchion.seed");
        long first = given == null ? ThreadLocalRandom.current().nextLong(1L << 40) : given;
        for (long seed = first; seed < first + (long) count * FACTOR; seed++) {
            try {
                walk.accept(new Random(scattered(seed)));
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError(
                        "Walk " + (seed - first) + " failed; repeat it with -Dstanchion.seed=" + seed + ": "
                                + failed.getMessage(),
                        failed);
            }
        }
    }

    /** Generators with neighbouring seeds begin alike. */
    private static long scattered(long seed) {
        return seed * 0x9E3779B97F4A7C15L ^ seed >>> 7;
    }
}
