package io.github.stanchion.memory;

import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A limit's state as bucket4j keeps it, changed in place: the native form of what does not fit a word.
 *
 * <p>Belongs to the winner of a slot's word. It lives from a key's first use to an operation that it does not decide; that one
 * gets the equal cells, and if it writes any, the key goes on with cells until it is absent again.
 */
sealed interface LiveState permits LiveBuckets, LiveInterval {

    /** The longest product of rate and period in parts up to which bucket4j counts in integers, nanoseconds included. */
    long EXACT = 1L << 53;

    long NANOS = 1_000;

    /**
     * Decides, and charges what the call takes.
     *
     * @return null, and nothing changed, if the operation or the time is not one for this form
     */
    @Nullable
    RateReply decide(Operation<?> operation, long nowMicros);

    /** The cells that the operation would have written. */
    Cells cells();

    /** A state for the first use of a key, null if the operation has no such form. */
    static @Nullable LiveState startingWith(@Nullable Operation<?> operation, long nowMicros) {
        LiveState buckets = LiveBuckets.startingWith(operation, nowMicros);
        return buckets != null ? buckets : LiveInterval.startingWith(operation, nowMicros);
    }

    /** Whether {@code tokens} in so many microseconds are a refill that bucket4j accepts: at most one a nanosecond. */
    static boolean accepted(long tokens, long micros) {
        return tokens <= micros * NANOS;
    }

    /** Rounds up. */
    static long ceilDiv(long dividend, long divisor) {
        return -Math.floorDiv(-dividend, divisor);
    }

    /** Compares by identity first: a policy keeps one shape. */
    @SuppressWarnings("ReferenceEquality") // equality follows
    static boolean same(BucketShape one, BucketShape other) {
        return one == other || one.equals(other);
    }
}
