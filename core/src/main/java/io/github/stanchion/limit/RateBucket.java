package io.github.stanchion.limit;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides one call of a token bucket: permits flow in evenly, and up to the capacity adds up.
 *
 * <p>Within any window W a bandwidth admits at most C + R·W/P. The state is one instant per bandwidth, the one at which the
 * bucket was or will be empty, kept with its fraction: nothing is rounded but waits, which are rounded up to the microsecond.
 * Absent is full. A clock that steps back by up to a second refills nothing until it has caught up; a state that a longer
 * step left impossible is cut to the deepest debt and longest wait.
 *
 * <p>Arguments: min, want, maxWaitMicros, maxDebt, then per bandwidth C, r, p. Reply: the components of {@link RateReply}.
 *
 * @param min the permits without which the call is refused; 0 asks without charging
 * @param want the permits to take where there are more, at least {@code min}
 * @param maxWaitMicros how far ahead {@code min} permits may be reserved; the reply says how long to wait
 * @param maxDebt how many permits below zero settlements may go
 * @param shape the bandwidths
 */
public record RateBucket(long min, long want, long maxWaitMicros, long maxDebt, BucketShape shape)
        implements Operation<RateReply> {

    /** 2025-01-01T00:00Z in microseconds since 1970: stored times are counted from here. */
    public static final long EPOCH_MICROS = RateState.EPOCH_MICROS;

    public RateBucket {
        RateState.requireWithin(shape.leastCapacity(), min);
        if (want < min || want > Bandwidth.MOST_PERMITS) {
            throw new IllegalArgumentException("Permits wanted '" + want + "' are out of range; use " + min
                    + ", which are needed, to " + Bandwidth.MOST_PERMITS);
        }
        shape.requireCountable(maxWaitMicros, maxDebt);
    }

    /**
     * What a bucket of one bandwidth holds, in parts, never more than full; for native forms that keep one number.
     *
     * <p>{@code empty} is r·a + b, the stored instant in parts, and {@code sinceEpoch} the time since {@link #EPOCH_MICROS}.
     * After a charge the number becomes {@link #emptyAt}. The caller sees to it that rate times time fits a long, and leaves
     * to {@link #apply} what lies further below zero than debt, wait and one second.
     */
    public static long creditOf(Bandwidth bandwidth, long empty, long sinceEpoch) {
        return Math.min(bandwidth.fullParts(), bandwidth.rate() * sinceEpoch - empty);
    }

    /** The number to keep for {@code credit} parts; its quotient and remainder by the rate are the cells a and b. */
    public static long emptyAt(Bandwidth bandwidth, long credit, long sinceEpoch) {
        return bandwidth.rate() * sinceEpoch - credit;
    }

    @Override
    public String name() {
        return "rate.bucket";
    }

    @Override
    public long[] arguments() {
        long[] arguments = new long[4 + 3 * shape.size()];
        arguments[0] = min;
        arguments[1] = want;
        arguments[2] = maxWaitMicros;
        arguments[3] = maxDebt;
        putRates(shape, arguments, 4);
        return arguments;
    }

    static void putRates(BucketShape shape, long[] arguments, int offset) {
        for (int i = 0; i < shape.size(); i++) {
            Bandwidth bandwidth = shape.get(i);
            arguments[offset + 3 * i] = bandwidth.capacity();
            arguments[offset + 3 * i + 1] = bandwidth.rate();
            arguments[offset + 3 * i + 2] = bandwidth.parts();
        }
    }

    @Override
    public Transition<RateReply> apply(@Nullable Value current, long nowMicros) {
        long now = RateState.sinceEpoch(nowMicros);
        BucketCredits credits = BucketCredits.read(shape, current, now, maxWaitMicros, maxDebt);
        long remaining = credits.remaining();
        long wait = remaining >= min ? 0 : credits.waitFor(min);
        boolean admitted = wait <= maxWaitMicros;
        long taken = !admitted ? 0 : wait > 0 ? min : Math.min(want, Math.max(remaining, 0));
        if (taken > 0) {
            credits.take(taken);
            remaining = credits.remaining();
        }
        return new Transition<>(
                credits.effect(),
                admitted,
                new RateReply(admitted, taken, remaining, wait, credits.untilFull(), credits.repaired(), List.of()));
    }

    @Override
    public RateReply decode(long[] reply) {
        return RateReply.decode(reply);
    }

    @Override
    public RateBucketSettle undo(RateReply admitted) {
        return settle(-admitted.taken());
    }

    /** Corrects a charge of this policy: charges {@code delta} permits more, or gives back as many if negative. */
    public RateBucketSettle settle(long delta) {
        return new RateBucketSettle(delta, maxWaitMicros, maxDebt, shape);
    }

    @Override
    public boolean shareable() {
        return true;
    }
}
