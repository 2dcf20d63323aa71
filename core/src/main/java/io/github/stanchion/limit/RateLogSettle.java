package io.github.stanchion.limit;

import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Corrects what a {@link RateLog} of the same policy charged.
 *
 * <p>Charging adds entries at the present time, up to limit and deepest debt, and forgives the rest; giving back takes out
 * entries of the time that was charged, as far as they are still there. Always admitted.
 *
 * <p>Arguments: L, W in microseconds, delta, maxDebt, stamp. Reply: the components of {@link RateSettlement}.
 *
 * @param limit L
 * @param windowMicros W
 * @param delta permits to charge on top; negative: to give back
 * @param maxDebt how many permits above the limit charging may go, at most as many again
 * @param stamp the time of the entries that were charged
 */
public record RateLogSettle(long limit, long windowMicros, long delta, long maxDebt, long stamp)
        implements Operation<RateSettlement> {

    public RateLogSettle {
        LogEntries.requireCountable(limit, windowMicros);
        Exact.require("Permits to settle", delta);
        RateState.requireDebt(limit, maxDebt);
        Exact.require("Stamp", stamp);
    }

    @Override
    public String name() {
        return "rate.log.settle";
    }

    @Override
    public long[] arguments() {
        return new long[] {limit, windowMicros, delta, maxDebt, stamp};
    }

    @Override
    public Transition<RateSettlement> apply(@Nullable Value current, long nowMicros) {
        LogEntries entries = LogEntries.read(limit, windowMicros, current, RateState.sinceEpoch(nowMicros));
        long charged = delta > 0 ? entries.takeIntoDebt(delta, maxDebt) : 0;
        long returned = delta < 0 ? entries.giveBack(-delta, stamp) : 0;
        return new Transition<>(
                entries.effect(),
                true,
                new RateSettlement(
                        charged,
                        returned,
                        Math.max(delta, 0) - charged,
                        entries.remaining(),
                        entries.untilFull(),
                        entries.repaired()));
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
