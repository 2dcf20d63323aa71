package io.github.stanchion.limit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Says which limits can be counted without rounding in integers up to 2^53, and finds the nearest where one cannot.
 *
 * <p>A bucket's credit lies between C·p above and maxDebt·p + r·maxWait below zero, and another second of r below that while
 * a stepped-back clock is tolerated. So all its differences stay within 2^53 if (C + maxDebt)·p + r·(maxWait + 10^6 + 2) does,
 * the 2 being slack for rounding up. A refill that shares a larger divisor with its period has fewer parts: the nearest
 * countable refills are therefore multiples of some divisor of the period.
 */
final class CountableRates {

    /** 100 years: how long the deepest debt may take to fill up again. */
    static final long CENTURY_MICROS = 36_524L * 24 * 3_600 * 1_000_000;

    /** How far a clock may step back before a state is repaired. */
    static final long TOLERATED_STEP_MICROS = 1_000_000;

    private static final long EXACT = 1L << 53;
    private static final long MOST_USED = 1L << 52;

    private CountableRates() {}

    static boolean inParts(Bandwidth bandwidth, long maxWaitMicros, long maxDebt) {
        return exact(bandwidth.capacity(), bandwidth.rate(), bandwidth.parts(), maxWaitMicros, maxDebt)
                && fillsInTime(bandwidth, maxWaitMicros, maxDebt);
    }

    private static boolean exact(long capacity, long rate, long parts, long maxWaitMicros, long maxDebt) {
        if (maxDebt > Bandwidth.MOST_PERMITS || maxWaitMicros > CENTURY_MICROS || capacity + maxDebt > EXACT / parts) {
            return false;
        }
        long left = EXACT - (capacity + maxDebt) * parts;
        return maxWaitMicros + TOLERATED_STEP_MICROS + 2 <= left / rate;
    }

    private static boolean fillsInTime(Bandwidth bandwidth, long maxWaitMicros, long maxDebt) {
        long deepest = (bandwidth.capacity() + maxDebt) * bandwidth.parts();
        return Bandwidth.ceilDiv(deepest, bandwidth.rate()) + maxWaitMicros <= CENTURY_MICROS;
    }

    /** Intervals count whole permits: bounded are the use that waiting can reserve, and the time until all of it is gone. */
    static boolean inPeriods(Bandwidth bandwidth, long maxWaitMicros, long maxDebt) {
        long period = bandwidth.periodMicros();
        if (maxDebt > Bandwidth.MOST_PERMITS || maxWaitMicros > CENTURY_MICROS) {
            return false;
        }
        long most = bandwidth.capacity() + maxDebt;
        long periods = Bandwidth.ceilDiv(most, bandwidth.refill()) + 2;
        return maxWaitMicros / period + 2 <= (MOST_USED - most) / bandwidth.refill()
                && periods <= (CENTURY_MICROS - maxWaitMicros) / period;
    }

    static IllegalArgumentException tooSlow(Bandwidth bandwidth) {
        return new IllegalArgumentException(
                "Limit '" + bandwidth
                        + "' takes more than 100 years to fill; use a larger refill, a shorter period, or less debt and waiting");
    }

    static IllegalArgumentException refusal(Bandwidth bandwidth, long maxWaitMicros, long maxDebt) {
        if (exact(bandwidth.capacity(), bandwidth.rate(), bandwidth.parts(), maxWaitMicros, maxDebt)) {
            return tooSlow(bandwidth);
        }
        Bandwidth below = nearest(bandwidth, maxWaitMicros, maxDebt, false);
        Bandwidth above = nearest(bandwidth, maxWaitMicros, maxDebt, true);
        String remedy = below == null && above == null
                ? "use a smaller capacity, less debt or a shorter wait"
                : below == null || above == null
                        ? "use '" + (below == null ? above : below) + "', the nearest that can be"
                        : "use '" + below + "' or '" + above + "', the nearest that can be";
        return new IllegalArgumentException("Limit '" + bandwidth + "' is too fine to count exactly; " + remedy);
    }

    /** The nearest countable refill of the same period, its capacity (and debt) following if they were equal; or null. */
    static @Nullable Bandwidth nearest(Bandwidth from, long maxWaitMicros, long maxDebt, boolean above) {
        long best = 0;
        long rest = from.periodMicros();
        long[] divisors = {1};
        for (long prime = 2; rest > 1; prime++) {
            if (prime * prime > rest) {
                prime = rest;
            }
            int known = divisors.length;
            for (long power = prime; rest % prime == 0; power *= prime) {
                rest /= prime;
                divisors = withMultiples(divisors, known, power);
            }
        }
        for (long divisor : divisors) {
            long refill = nearestMultiple(from, divisor, maxWaitMicros, maxDebt, above);
            if (refill > 0 && (best == 0 || above == (refill < best))) {
                best = refill;
            }
        }
        if (best == 0) {
            return null;
        }
        Bandwidth found = new Bandwidth(capacityFor(from, best), best, from.periodMicros());
        return inParts(found, maxWaitMicros, debtFor(from, found.capacity(), maxDebt)) ? found : null;
    }

    private static long[] withMultiples(long[] divisors, int known, long power) {
        long[] more = Arrays.copyOf(divisors, divisors.length + known);
        for (int i = 0; i < known; i++) {
            more[divisors.length + i] = divisors[i] * power;
        }
        return more;
    }

    /** The nearest countable multiple of {@code divisor}, or 0. Along the multiples, what is countable is so downwards. */
    private static long nearestMultiple(Bandwidth from, long divisor, long maxWaitMicros, long maxDebt, boolean above) {
        long high = from.refill() / divisor;
        if (above) {
            long next = (high + 1) * divisor;
            return next <= Bandwidth.MOST_PERMITS && multipleFits(from, high + 1, divisor, maxWaitMicros, maxDebt)
                    ? next
                    : 0;
        }
        long low = 0;
        high = Math.min(high, (from.refill() - 1) / divisor);
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (multipleFits(from, middle, divisor, maxWaitMicros, maxDebt)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low * divisor;
    }

    private static boolean multipleFits(Bandwidth from, long multiple, long divisor, long maxWaitMicros, long maxDebt) {
        long capacity = capacityFor(from, multiple * divisor);
        long debt = debtFor(from, capacity, maxDebt);
        return exact(capacity, multiple, from.periodMicros() / divisor, maxWaitMicros, debt);
    }

    private static long debtFor(Bandwidth from, long capacity, long maxDebt) {
        return maxDebt == from.capacity() ? capacity : maxDebt;
    }

    private static long capacityFor(Bandwidth from, long refill) {
        return from.capacity() == from.refill() ? refill : from.capacity();
    }
}
