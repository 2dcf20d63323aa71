package io.github.stanchion.limit;

import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Random policies, of everyday size and at the bounds. */
final class Policies {

    record Limits(BucketShape shape, long maxWait, long maxDebt) {}

    private static final long[] PERIODS = {
        1_000,
        1_001,
        Subject.SECOND,
        Subject.SECOND,
        Subject.MINUTE,
        Subject.MINUTE,
        Subject.HOUR,
        Subject.DAY,
        30 * Subject.DAY,
        366 * Subject.DAY
    };

    private Policies() {}

    static Limits bucket(Random random) {
        while (true) {
            Limits limits = limits(random);
            if (all(limits, each -> CountableRates.inParts(each, limits.maxWait, limits.maxDebt))) {
                return limits;
            }
        }
    }

    static Limits interval(Random random) {
        while (true) {
            Limits limits = limits(random);
            if (all(limits, each -> CountableRates.inPeriods(each, limits.maxWait, limits.maxDebt))) {
                return limits;
            }
        }
    }

    private static boolean all(Limits limits, Predicate<Bandwidth> countable) {
        return IntStream.range(0, limits.shape.size())
                .mapToObj(limits.shape::get)
                .allMatch(countable);
    }

    private static Limits limits(Random random) {
        Bandwidth[] bandwidths = new Bandwidth[random.nextInt(3) == 0 ? 1 + random.nextInt(8) : 1];
        long least = Long.MAX_VALUE;
        for (int i = 0; i < bandwidths.length; i++) {
            long refill = scaled(random, random.nextInt(8) == 0 ? 12 : 5);
            long period = random.nextInt(4) == 0 ? 1_000 + scaled(random, 13) : PERIODS[random.nextInt(PERIODS.length)];
            long capacity = random.nextBoolean() ? refill : scaled(random, random.nextInt(8) == 0 ? 12 : 5);
            bandwidths[i] = new Bandwidth(capacity, refill, period);
            least = Math.min(least, capacity);
        }
        long maxDebt = random.nextBoolean() ? 0 : random.nextBoolean() ? least : 1 + random.nextLong(least);
        long maxWait = random.nextBoolean() ? 0 : scaled(random, 10);
        return new Limits(BucketShape.of(bandwidths), maxWait, maxDebt);
    }

    static long scaled(Random random, int digits) {
        return (long) Math.pow(10, random.nextDouble() * digits);
    }

    /** Up to a little more than {@code most} can be, and often nothing, one or all. */
    static long cost(Random random, long most) {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> most;
            case 2 -> random.nextLong(most + 1);
            default -> 1;
        };
    }

    /** The time of the next call: mostly a part of {@code span} later, sometimes earlier, within two centuries. */
    static long later(Random random, long now, long span) {
        long next = now + step(random, span);
        // What is owed and waited for lies ahead of the clock, by a century each, and has to be countable too.
        boolean inRange = next >= 0 && next < RateBucket.EPOCH_MICROS + CountableRates.CENTURY_MICROS / 4;
        return inRange ? next : Subject.START;
    }

    private static long step(Random random, long span) {
        return switch (random.nextInt(12)) {
            case 0 -> -random.nextLong(1_000_001);
            case 1 -> random.nextInt(4) == 0 ? -random.nextLong(2 * span + 2_000_000) : 0;
            case 2, 3, 4 -> 0;
            case 5 -> random.nextLong(2 * span + 2);
            default -> random.nextLong(span / 16 + 2);
        };
    }
}
