package io.github.stanchion.limit;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.store.Operation;
import java.util.List;

/**
 * Makes the operations of one limit: to charge, and to settle.
 *
 * @param most the largest cost that can ever be admitted
 */
record RateOperations(
        RateAlgorithm algorithm, BucketShape shape, boolean aligned, long maxWaitMicros, long maxDebt, long most) {

    RateOperations {
        if (algorithm == RateAlgorithm.INTERVAL) {
            shape.requireCountablePeriods(maxWaitMicros, maxDebt);
        }
    }

    static RateOperations of(
            RateAlgorithm algorithm, BucketShape shape, boolean aligned, long maxWaitMicros, long maxDebt) {
        return new RateOperations(algorithm, shape, aligned, maxWaitMicros, maxDebt, shape.leastCapacity());
    }

    /** Asks for {@code cost} permits, at most {@link #most}; 0 asks without charging. */
    Operation<RateReply> ask(long cost) {
        return switch (algorithm) {
            case TOKEN_BUCKET -> new RateBucket(cost, cost, maxWaitMicros, maxDebt, shape);
            case INTERVAL -> new RateInterval(aligned, cost, maxWaitMicros, shape);
            case SLIDING_WINDOW -> new RateWindow(shape.first().capacity(), windowMillis(), cost);
            case SLIDING_LOG ->
                new RateLog(shape.first().capacity(), shape.first().periodMicros(), cost);
        };
    }

    /** Asks for {@code min} permits and takes up to {@code want}, at least {@code min}; of a token bucket. */
    Operation<RateReply> askUpTo(long min, long want) {
        return new RateBucket(min, want, maxWaitMicros, maxDebt, shape);
    }

    /** Charges {@code delta} more than was {@code reserved}, or gives back as many if negative. */
    Operation<RateSettlement> settle(long delta, List<Long> stamp) {
        return switch (algorithm) {
            case TOKEN_BUCKET -> new RateBucketSettle(delta, maxWaitMicros, maxDebt, shape);
            case INTERVAL -> new RateIntervalSettle(aligned, delta, maxDebt, shape, stamp);
            case SLIDING_WINDOW ->
                new RateWindowSettle(shape.first().capacity(), windowMillis(), delta, maxDebt, stamp.get(0));
            case SLIDING_LOG ->
                new RateLogSettle(shape.first().capacity(), shape.first().periodMicros(), delta, maxDebt, stamp.get(0));
        };
    }

    private long windowMillis() {
        return shape.first().periodMicros() / 1_000;
    }

    /** The kind of the keys that hold the state; what differs in it cannot share state. */
    String kind() {
        return switch (algorithm) {
            case TOKEN_BUCKET -> "rate-bucket";
            case INTERVAL -> "rate-interval";
            case SLIDING_WINDOW -> "rate-window-" + windowMillis();
            case SLIDING_LOG -> "rate-log";
        };
    }
}
