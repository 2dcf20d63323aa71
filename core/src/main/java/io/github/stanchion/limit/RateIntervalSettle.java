package io.github.stanchion.limit;

import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Corrects what a {@link RateInterval} of the same policy charged.
 *
 * <p>Charging goes up to capacity and deepest debt and forgives the rest. Giving back counts only in the period that was
 * charged: of an ended one nothing is given back, since it came back by itself. Always admitted.
 *
 * <p>Arguments: aligned (1 or 0), delta, maxDebt, per bandwidth C, R, P, then the stamp, as many numbers as bandwidths. Reply:
 * the components of {@link RateSettlement}.
 *
 * @param aligned whether periods are counted from the epoch
 * @param delta permits to charge on top; negative: to give back
 * @param maxDebt how many permits above the capacity charging may go
 * @param shape the bandwidths
 * @param stamp the reply's stamp
 */
public record RateIntervalSettle(boolean aligned, long delta, long maxDebt, BucketShape shape, List<Long> stamp)
        implements Operation<RateSettlement> {

    public RateIntervalSettle {
        Exact.require("Permits to settle", delta);
        shape.requireCountablePeriods(0, maxDebt);
        stamp = List.copyOf(stamp);
        if (stamp.size() != shape.size()) {
            throw new IllegalArgumentException(
                    "Stamp '" + stamp + "' is another shape's; use that of the decision that" + " this policy made");
        }
    }

    @Override
    public String name() {
        return "rate.interval.settle";
    }

    @Override
    public long[] arguments() {
        int size = shape.size();
        long[] arguments = new long[3 + 4 * size];
        arguments[0] = aligned ? 1 : 0;
        arguments[1] = delta;
        arguments[2] = maxDebt;
        RateInterval.putPeriods(shape, arguments, 3);
        for (int i = 0; i < size; i++) {
            arguments[3 + 3 * size + i] = stamp.get(i);
        }
        return arguments;
    }

    @Override
    public Transition<RateSettlement> apply(@Nullable Value current, long nowMicros) {
        IntervalUses uses = IntervalUses.read(aligned, shape, current, RateState.sinceEpoch(nowMicros));
        long forgiven = delta > 0 ? uses.takeIntoDebt(delta, maxDebt) : 0;
        long returned = delta < 0 ? uses.giveBack(-delta, stamp) : 0;
        return new Transition<>(
                uses.effect(),
                true,
                new RateSettlement(
                        Math.max(delta, 0) - forgiven,
                        returned,
                        forgiven,
                        uses.remaining(),
                        uses.untilFull(),
                        uses.repaired()));
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
