package io.github.stanchion.limit;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bandwidths of one limit, 1 to {@value #MOST}, all of which must hold; longest time to full first.
 *
 * <p>Immutable. The order is canonical, since stored state matches bandwidths by position when a limit changes. Comparing by
 * identity before {@link #equals} is cheap and usual: a policy keeps one shape.
 */
public final class BucketShape {

    /** The largest number of bandwidths. */
    public static final int MOST = 8;

    private static final Comparator<Bandwidth> SLOWEST_FIRST = Comparator.comparing(BucketShape::timeToFullOver)
            .thenComparing(Bandwidth::capacity)
            .thenComparing(Bandwidth::periodMicros)
            .reversed();

    private final Bandwidth[] bandwidths;
    private final @Nullable Bandwidth only;
    private final long leastCapacity;
    private final long fingerprint;
    private final boolean plainlyCountable;
    private final boolean plainlyCountablePeriods;

    private BucketShape(Bandwidth[] bandwidths) {
        this.bandwidths = bandwidths;
        this.only = bandwidths.length == 1 ? bandwidths[0] : null;
        this.leastCapacity =
                Arrays.stream(bandwidths).mapToLong(Bandwidth::capacity).min().orElseThrow();
        this.fingerprint = fingerprintOf(bandwidths);
        this.plainlyCountable = Arrays.stream(bandwidths).allMatch(each -> CountableRates.inParts(each, 0, 0));
        this.plainlyCountablePeriods = Arrays.stream(bandwidths).allMatch(each -> CountableRates.inPeriods(each, 0, 0));
    }

    /** A shape of these bandwidths, in any order. */
    public static BucketShape of(Bandwidth... bandwidths) {
        if (bandwidths.length == 0 || bandwidths.length > MOST) {
            throw new IllegalArgumentException(
                    "Number of bandwidths '" + bandwidths.length + "' is out of range; use 1 to " + MOST);
        }
        Bandwidth[] ordered = bandwidths.clone();
        Arrays.sort(ordered, SLOWEST_FIRST);
        return new BucketShape(ordered);
    }

    /** A shape of these bandwidths, in any order. */
    public static BucketShape of(List<Bandwidth> bandwidths) {
        return of(bandwidths.toArray(Bandwidth[]::new));
    }

    /** C·P/R as an exact fraction. */
    private static Ratio timeToFullOver(Bandwidth bandwidth) {
        return new Ratio(
                BigInteger.valueOf(bandwidth.capacity()).multiply(BigInteger.valueOf(bandwidth.periodMicros())),
                BigInteger.valueOf(bandwidth.refill()));
    }

    private record Ratio(BigInteger over, BigInteger under) implements Comparable<Ratio> {
        @Override
        public int compareTo(Ratio that) {
            return over.multiply(that.under).compareTo(that.over.multiply(under));
        }
    }

    private static long fingerprintOf(Bandwidth[] bandwidths) {
        long hash = 0xcbf29ce484222325L;
        for (Bandwidth each : bandwidths) {
            for (long number : new long[] {each.capacity(), each.refill(), each.periodMicros()}) {
                hash = (hash ^ number) * 0x100000001b3L;
                hash ^= hash >>> 29;
            }
        }
        return hash;
    }

    public int size() {
        return bandwidths.length;
    }

    /** The bandwidth at {@code index}, counted from 0. */
    public Bandwidth get(int index) {
        return bandwidths[index];
    }

    /** The slowest bandwidth: the one that takes longest to fill. */
    public Bandwidth first() {
        return bandwidths[0];
    }

    /** The bandwidth of a shape that has one, else null. */
    public @Nullable Bandwidth only() {
        return only;
    }

    /** The most that one call can ever be charged. */
    public long leastCapacity() {
        return leastCapacity;
    }

    /** A number that differs, as good as always, where shapes differ; the same in every process. */
    public long fingerprint() {
        return fingerprint;
    }

    /**
     * Checks that token buckets of this shape count exactly on every store.
     *
     * @param maxWaitMicros how far ahead permits are reserved
     * @param maxDebt how many permits below zero settling may go
     * @throws IllegalArgumentException if not; it names the nearest refills that can be counted
     */
    public void requireCountable(long maxWaitMicros, long maxDebt) {
        if (plainlyCountable && maxWaitMicros == 0 && maxDebt == 0) {
            return;
        }
        requireWaitAndDebt(maxWaitMicros, maxDebt);
        for (Bandwidth each : bandwidths) {
            if (!CountableRates.inParts(each, maxWaitMicros, maxDebt)) {
                throw CountableRates.refusal(each, maxWaitMicros, maxDebt);
            }
        }
    }

    /** The same for interval limits, which count whole permits and so can be as fine as they like. */
    public void requireCountablePeriods(long maxWaitMicros, long maxDebt) {
        if (plainlyCountablePeriods && maxWaitMicros == 0 && maxDebt == 0) {
            return;
        }
        requireWaitAndDebt(maxWaitMicros, maxDebt);
        for (Bandwidth each : bandwidths) {
            if (!CountableRates.inPeriods(each, maxWaitMicros, maxDebt)) {
                throw CountableRates.tooSlow(each);
            }
        }
    }

    private static void requireWaitAndDebt(long maxWaitMicros, long maxDebt) {
        if (maxWaitMicros < 0) {
            throw new IllegalArgumentException(
                    "Longest wait '" + maxWaitMicros + "' us is negative; use 0 to reject at once");
        }
        if (maxDebt < 0) {
            throw new IllegalArgumentException("Deepest debt '" + maxDebt + "' is negative; use 0 to allow none");
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof BucketShape that && Arrays.equals(bandwidths, that.bandwidths);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bandwidths);
    }

    @Override
    public String toString() {
        return Arrays.toString(bandwidths);
    }
}
