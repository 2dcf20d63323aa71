package io.github.stanchion.memory;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.MathType;
import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateInterval;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Operation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An interval limit of one bandwidth, its periods counted from the first use, on bucket4j's state.
 *
 * <p>Its use is the capacity less the tokens. bucket4j goes on counting periods from the first use of all; here a limit that
 * is full again starts anew, with a fresh state. The start of the period is kept beside, as bucket4j does not tell it.
 */
final class LiveInterval implements LiveState {

    private static final long CENTURY_MICROS = 36_524L * 24 * 3_600 * 1_000_000;

    private final BucketShape shape;
    private final BucketConfiguration limit;
    private BucketState charged;
    private BucketState draft;
    private long since;

    private LiveInterval(BucketShape shape, BucketConfiguration limit, long nowMicros) {
        this.shape = shape;
        this.limit = limit;
        this.charged = fresh(limit, nowMicros);
        this.draft = charged.copy();
        this.since = nowMicros;
    }

    private static BucketState fresh(BucketConfiguration limit, long nowMicros) {
        return BucketState.createInitialState(limit, MathType.INTEGER_64_BITS, nowMicros * NANOS);
    }

    static @Nullable LiveInterval startingWith(@Nullable Operation<?> operation, long nowMicros) {
        if (!(operation instanceof RateInterval interval)
                || interval.aligned()
                || interval.shape().size() != 1
                || nowMicros < 0) {
            return null;
        }
        Bandwidth bandwidth = interval.shape().first();
        if (!LiveState.accepted(bandwidth.refill(), bandwidth.periodMicros())) {
            return null;
        }
        BucketConfiguration limit = BucketConfiguration.builder()
                .addLimit(each -> each.capacity(bandwidth.capacity())
                        .refillIntervally(bandwidth.refill(), Duration.ofNanos(bandwidth.periodMicros() * NANOS)))
                .build();
        return new LiveInterval(interval.shape(), limit, nowMicros);
    }

    @Override
    public @Nullable RateReply decide(Operation<?> operation, long nowMicros) {
        if (!(operation instanceof RateInterval interval)
                || interval.aligned()
                || !LiveState.same(shape, interval.shape())
                || nowMicros < since) {
            return null;
        }
        Bandwidth bandwidth = shape.first();
        long period = bandwidth.periodMicros();
        long periodsUsed = LiveState.ceilDiv(used(charged), bandwidth.refill());
        if (periodsUsed > CENTURY_MICROS / period) {
            return null;
        }
        long passed = (nowMicros - since) / period;
        boolean full = passed >= periodsUsed;
        if (full) {
            draft = fresh(limit, nowMicros);
        } else {
            draft.copyStateFrom(charged);
            draft.refillAllBandwidth(nowMicros * NANOS);
        }
        long start = full ? nowMicros : since + passed * period;
        long missing = used(draft) + interval.cost() - bandwidth.capacity();
        long wait = untilGone(bandwidth, missing, start, nowMicros);
        boolean admitted = wait <= interval.maxWaitMicros();
        long taken = admitted ? interval.cost() : 0;
        long used = used(draft) + taken;
        if (taken > 0) {
            draft.consume(taken);
            BucketState before = charged;
            charged = draft;
            draft = before;
            since = start;
        }
        return new RateReply(
                admitted,
                taken,
                bandwidth.capacity() - used,
                wait,
                untilGone(bandwidth, used, start, nowMicros),
                false,
                List.of(start - RateBucket.EPOCH_MICROS));
    }

    private static long untilGone(Bandwidth bandwidth, long permits, long start, long nowMicros) {
        return permits <= 0
                ? 0
                : start + LiveState.ceilDiv(permits, bandwidth.refill()) * bandwidth.periodMicros() - nowMicros;
    }

    private long used(BucketState state) {
        return shape.first().capacity() - state.getCurrentSize(0);
    }

    @Override
    public Cells cells() {
        return Cells.of(since - RateBucket.EPOCH_MICROS, used(charged));
    }
}
