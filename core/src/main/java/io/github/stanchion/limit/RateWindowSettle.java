package io.github.stanchion.limit;

import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Corrects what a {@link RateWindow} of the same policy charged, in the window that was charged.
 *
 * <p>That window may be the current one or the one before; older ones no longer count, so nothing changes and a charge is
 * forgiven. Charging goes up to limit and deepest debt. Always admitted.
 *
 * <p>Arguments: L, W in milliseconds, delta, maxDebt, stamp. Reply: the components of {@link RateSettlement}.
 *
 * @param limit L
 * @param windowMillis W
 * @param delta permits to charge on top; negative: to give back
 * @param maxDebt how many permits above the limit charging may go, at most as many again
 * @param stamp the number of the window that was charged
 */
public record RateWindowSettle(long limit, long windowMillis, long delta, long maxDebt, long stamp)
        implements Operation<RateSettlement> {

    public RateWindowSettle {
        WindowUse.requireCountable(limit, windowMillis);
        Exact.require("Permits to settle", delta);
        RateState.requireDebt(limit, maxDebt);
        Exact.require("Stamp", stamp);
    }

    @Override
    public String name() {
        return "rate.window.settle";
    }

    @Override
    public long[] arguments() {
        return new long[] {limit, windowMillis, delta, maxDebt, stamp};
    }

    @Override
    public Transition<RateSettlement> apply(@Nullable Value current, long nowMicros) {
        WindowUse use = WindowUse.read(limit, windowMillis, current, RateState.sinceEpoch(nowMicros));
        long charged = delta > 0 ? use.takeIntoDebt(delta, maxDebt, stamp) : 0;
        long returned = delta < 0 ? use.giveBack(-delta, stamp) : 0;
        return new Transition<>(
                use.effect(),
                true,
                new RateSettlement(
                        charged,
                        returned,
                        Math.max(delta, 0) - charged,
                        use.remaining(),
                        use.untilFull(),
                        use.repaired()));
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
