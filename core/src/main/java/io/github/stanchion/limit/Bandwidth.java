package io.github.stanchion.limit;

import java.util.Locale;

/**
 * One pace of a limit: {@code refill} permits per {@code periodMicros}, of which up to {@code capacity} add up.
 *
 * <p>Immutable. A bucket counts in parts: with g = gcd(refill, period) a permit is {@code parts() = period / g} parts, and
 * {@code rate() = refill / g} parts flow in per microsecond. So 150,000 a day flow at 1 part per microsecond, 576,000 to a
 * permit, and nothing is ever rounded. Not a record, because what follows from the numbers is computed once.
 */
public final class Bandwidth {

    /** The largest capacity, and the largest refill of one period. */
    public static final long MOST_PERMITS = 1_000_000_000_000L;

    /** The shortest period, 1 ms. */
    public static final long SHORTEST_PERIOD_MICROS = 1_000;

    /** The longest period, 366 days. */
    public static final long LONGEST_PERIOD_MICROS = 366L * 24 * 3_600 * 1_000_000;

    private final long capacity;
    private final long refill;
    private final long periodMicros;
    private final long rate;
    private final long parts;
    private final long wordEnd;

    /**
     * A bandwidth of these numbers.
     *
     * @throws IllegalArgumentException if one is out of range; whether a bucket can count it exactly is for
     *     {@link BucketShape#requireCountable} to say, as only buckets need it
     */
    public Bandwidth(long capacity, long refill, long periodMicros) {
        requirePermits("Capacity", capacity);
        requirePermits("Refill", refill);
        if (periodMicros < SHORTEST_PERIOD_MICROS || periodMicros > LONGEST_PERIOD_MICROS) {
            throw new IllegalArgumentException(
                    "Period '" + periodMicros + "' us is out of range; use 1 ms to 366 days");
        }
        this.capacity = capacity;
        this.refill = refill;
        this.periodMicros = periodMicros;
        long divisor = gcd(refill, periodMicros);
        this.rate = refill / divisor;
        this.parts = periodMicros / divisor;
        this.wordEnd = (1L << 62) / rate;
    }

    private static void requirePermits(String what, long permits) {
        if (permits < 1 || permits > MOST_PERMITS) {
            throw new IllegalArgumentException(what + " '" + permits + "' is out of range; use 1 to " + MOST_PERMITS);
        }
    }

    static long gcd(long a, long b) {
        long x = a;
        long y = b;
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }

    /** C, the most permits that add up. */
    public long capacity() {
        return capacity;
    }

    /** R, the permits of one period. */
    public long refill() {
        return refill;
    }

    /** P, in microseconds. */
    public long periodMicros() {
        return periodMicros;
    }

    /** r, the parts that flow in per microsecond. */
    public long rate() {
        return rate;
    }

    /** p, the parts that make a permit. */
    public long parts() {
        return parts;
    }

    /** The first number of microseconds of which rate() times as many parts may no longer be below 2^62. */
    public long wordEnd() {
        return wordEnd;
    }

    /** C·p, what a full bucket holds, in parts; to be used of countable bandwidths alone. */
    public long fullParts() {
        return capacity * parts;
    }

    /** Whole permits in {@code credit} parts, rounded down; negative in debt. */
    public long permitsIn(long credit) {
        return Math.floorDiv(credit, parts);
    }

    /** Microseconds until {@code credit} has become {@code permits} permits, rounded up; 0 if it holds them already. */
    public long waitFor(long permits, long credit) {
        long missing = permits * parts - credit;
        return missing <= 0 ? 0 : ceilDiv(missing, rate);
    }

    /** Microseconds until {@code credit} has become a full bucket, rounded up. */
    public long untilFull(long credit) {
        return ceilDiv(fullParts() - credit, rate);
    }

    /** Rounds up for both signs; {@code divisor} is positive. */
    static long ceilDiv(long dividend, long divisor) {
        return -Math.floorDiv(-dividend, divisor);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bandwidth that
                && capacity == that.capacity
                && refill == that.refill
                && periodMicros == that.periodMicros;
    }

    @Override
    public int hashCode() {
        return Long.hashCode((capacity * 31 + refill) * 31 + periodMicros);
    }

    /** As in a policy's settings: {@code 100/1m}, or {@code 100/1m burst 20}. */
    @Override
    public String toString() {
        String pace = refill + "/" + period();
        return capacity == refill ? pace : pace + " burst " + capacity;
    }

    private String period() {
        String[] units = {"d", "h", "m", "s", "ms"};
        long[] micros = {86_400_000_000L, 3_600_000_000L, 60_000_000L, 1_000_000L, 1_000L};
        for (int i = 0; i < units.length; i++) {
            if (periodMicros % micros[i] == 0) {
                return String.format(Locale.ROOT, "%d%s", periodMicros / micros[i], units[i]);
            }
        }
        return String.format(Locale.ROOT, "%dus", periodMicros);
    }
}
