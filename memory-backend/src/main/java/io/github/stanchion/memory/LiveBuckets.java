package io.github.stanchion.memory;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.ConfigurationBuilder;
import io.github.bucket4j.MathType;
import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Operation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket of several bandwidths on bucket4j's state.
 *
 * <p>A bandwidth of r parts per microsecond, p to a permit, is r tokens per p microseconds there, refilled greedily: its
 * tokens and rounding error are the credit, tokens·p + error/1000 parts, without any rounding as long as bucket4j stays with
 * integers. Waits are computed here, since bucket4j rounds them down. A refusal refills a copy, so that it leaves no trace.
 */
final class LiveBuckets implements LiveState {

    private static final long TOLERATED_STEP_MICROS = 1_000_000;
    private static final int CLEAR = 66;

    private final BucketShape shape;
    private BucketState charged;
    private BucketState draft;
    private long chargedAt;

    private LiveBuckets(BucketShape shape, BucketState full, long nowMicros) {
        this.shape = shape;
        this.charged = full;
        this.draft = full.copy();
        this.chargedAt = nowMicros;
    }

    static @Nullable LiveBuckets startingWith(@Nullable Operation<?> operation, long nowMicros) {
        if (!(operation instanceof RateBucket bucket) || bucket.shape().size() == 1 || nowMicros < 0) {
            return null;
        }
        BucketShape shape = bucket.shape();
        ConfigurationBuilder limits = BucketConfiguration.builder();
        for (int i = 0; i < shape.size(); i++) {
            Bandwidth bandwidth = shape.get(i);
            long rate = bandwidth.rate();
            long parts = bandwidth.parts();
            if (rate >= EXACT / parts || !LiveState.accepted(rate, parts)) {
                return null;
            }
            limits.addLimit(
                    limit -> limit.capacity(bandwidth.capacity()).refillGreedy(rate, Duration.ofNanos(parts * NANOS)));
        }
        return new LiveBuckets(
                shape,
                BucketState.createInitialState(limits.build(), MathType.INTEGER_64_BITS, nowMicros * NANOS),
                nowMicros);
    }

    @Override
    public @Nullable RateReply decide(Operation<?> operation, long nowMicros) {
        if (!(operation instanceof RateBucket bucket)
                || !LiveState.same(shape, bucket.shape())
                || nowMicros < chargedAt
                || !refill(nowMicros)) {
            return null;
        }
        long wait = 0;
        for (int i = 0; i < shape.size(); i++) {
            Bandwidth bandwidth = shape.get(i);
            long credit = credit(draft, i);
            if (tooDeep(bucket, bandwidth, credit)) {
                return null;
            }
            wait = Math.max(wait, bandwidth.waitFor(bucket.min(), credit));
        }
        boolean admitted = wait <= bucket.maxWaitMicros();
        long remaining = draft.getAvailableTokens();
        long taken = !admitted ? 0 : wait > 0 ? bucket.min() : Math.min(bucket.want(), Math.max(remaining, 0));
        long full = 0;
        for (int i = 0; i < shape.size(); i++) {
            Bandwidth bandwidth = shape.get(i);
            full = Math.max(full, bandwidth.untilFull(credit(draft, i) - taken * bandwidth.parts()));
        }
        if (taken > 0) {
            draft.consume(taken);
            BucketState before = charged;
            charged = draft;
            draft = before;
            chargedAt = nowMicros;
        }
        return new RateReply(admitted, taken, remaining - taken, wait, full, false, List.of());
    }

    /** Brings the draft to the present; false if the products in that would leave the range of a long. */
    private boolean refill(long nowMicros) {
        for (int i = 0; i < shape.size(); i++) {
            Bandwidth bandwidth = shape.get(i);
            long periods = (nowMicros - chargedAt) / bandwidth.parts() + 1;
            if (Long.numberOfLeadingZeros(bandwidth.rate()) + Long.numberOfLeadingZeros(periods) < CLEAR) {
                return false;
            }
        }
        draft.copyStateFrom(charged);
        draft.refillAllBandwidth(nowMicros * NANOS);
        return true;
    }

    private long credit(BucketState state, int i) {
        return state.getCurrentSize(i) * shape.get(i).parts() + state.getRoundingError(i) / NANOS;
    }

    /** Whether a step of the clock, or a limit that allowed more, left a credit that has to be repaired. */
    private static boolean tooDeep(RateBucket bucket, Bandwidth bandwidth, long credit) {
        return -credit - bucket.maxDebt() * bandwidth.parts()
                > bandwidth.rate() * (bucket.maxWaitMicros() + TOLERATED_STEP_MICROS);
    }

    @Override
    public Cells cells() {
        long[] cells = new long[shape.size() * 3];
        for (int i = 0; i < shape.size(); i++) {
            long rate = shape.get(i).rate();
            long credit = credit(charged, i);
            long ahead = LiveState.ceilDiv(credit, rate);
            cells[i * 3] = chargedAt - RateBucket.EPOCH_MICROS - ahead;
            cells[i * 3 + 1] = rate * ahead - credit;
            cells[i * 3 + 2] = rate;
        }
        return Cells.of(cells);
    }
}
