package io.github.stanchion.limit;

import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Corrects what a {@link RateBucket} of the same policy charged, once the real cost is known.
 *
 * <p>Charging goes down to the deepest debt and forgives the rest; giving back goes up to full. Always admitted.
 *
 * <p>Arguments: delta, maxWaitMicros, maxDebt, then per bandwidth C, r, p. Reply: the components of {@link RateSettlement}.
 *
 * @param delta permits to charge on top; negative: to give back
 * @param maxWaitMicros how far ahead the policy reserves
 * @param maxDebt how many permits below zero charging may go
 * @param shape the bandwidths
 */
public record RateBucketSettle(long delta, long maxWaitMicros, long maxDebt, BucketShape shape)
        implements Operation<RateSettlement> {

    public RateBucketSettle {
        Exact.require("Permits to settle", delta);
        shape.requireCountable(maxWaitMicros, maxDebt);
    }

    @Override
    public String name() {
        return "rate.bucket.settle";
    }

    @Override
    public long[] arguments() {
        long[] arguments = new long[3 + 3 * shape.size()];
        arguments[0] = delta;
        arguments[1] = maxWaitMicros;
        arguments[2] = maxDebt;
        RateBucket.putRates(shape, arguments, 3);
        return arguments;
    }

    @Override
    public Transition<RateSettlement> apply(@Nullable Value current, long nowMicros) {
        long now = RateState.sinceEpoch(nowMicros);
        BucketCredits credits = BucketCredits.read(shape, current, now, maxWaitMicros, maxDebt);
        long forgiven = delta > 0 ? credits.takeIntoDebt(delta, maxDebt) : 0;
        long returned = delta < 0 ? credits.giveBack(-delta) : 0;
        long charged = Math.max(delta, 0) - forgiven;
        return new Transition<>(
                credits.effect(),
                true,
                new RateSettlement(
                        charged, returned, forgiven, credits.remaining(), credits.untilFull(), credits.repaired()));
    }

    @Override
    public RateSettlement decode(long[] reply) {
        return RateSettlement.decode(reply);
    }

    @Override
    public boolean shareable() {
        return true;
    }
}
