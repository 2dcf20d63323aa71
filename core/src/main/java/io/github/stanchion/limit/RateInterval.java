package io.github.stanchion.limit;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Decides one call of an interval limit: R permits come back at the end of each period, up to C.
 *
 * <p>With C = R it is the fixed window, and twice C may pass around a period's end. Periods begin with the first use after
 * all was back, or at the epoch if aligned. Absent is unused. A clock that steps back by up to a second gives nothing until
 * it has caught up; after a longer step the period begins anew and the use stays. An aligned period cannot begin anew: however
 * far the clock stepped back, nothing comes back until it has caught up, or until the end of its next period if that is sooner.
 *
 * <p>Arguments: aligned (1 or 0), cost, maxWaitMicros, then per bandwidth C, R, P. Reply: the components of
 * {@link RateReply}, whose stamp is the start of each bandwidth's period.
 *
 * @param aligned whether periods are counted from the epoch
 * @param cost the permits asked for; 0 asks without charging
 * @param maxWaitMicros how far ahead they may be reserved; the reply says how long to wait
 * @param shape the bandwidths
 */
public record RateInterval(boolean aligned, long cost, long maxWaitMicros, BucketShape shape)
        implements Operation<RateReply> {

    public RateInterval {
        RateState.requireWithin(shape.leastCapacity(), cost);
        shape.requireCountablePeriods(maxWaitMicros, 0);
    }

    @Override
    public String name() {
        return "rate.interval";
    }

    @Override
    public long[] arguments() {
        long[] arguments = new long[3 + 3 * shape.size()];
        arguments[0] = aligned ? 1 : 0;
        arguments[1] = cost;
        arguments[2] = maxWaitMicros;
        putPeriods(shape, arguments, 3);
        return arguments;
    }

    static void putPeriods(BucketShape shape, long[] arguments, int offset) {
        for (int i = 0; i < shape.size(); i++) {
            Bandwidth bandwidth = shape.get(i);
            arguments[offset + 3 * i] = bandwidth.capacity();
            arguments[offset + 3 * i + 1] = bandwidth.refill();
            arguments[offset + 3 * i + 2] = bandwidth.periodMicros();
        }
    }

    @Override
    public Transition<RateReply> apply(@Nullable Value current, long nowMicros) {
        IntervalUses uses = IntervalUses.read(aligned, shape, current, RateState.sinceEpoch(nowMicros));
        long wait = uses.waitFor(cost);
        boolean admitted = wait <= maxWaitMicros;
        long taken = admitted ? cost : 0;
        uses.take(taken);
        return new Transition<>(
                uses.effect(),
                admitted,
                new RateReply(
                        admitted, taken, uses.remaining(), wait, uses.untilFull(), uses.repaired(), uses.stamp()));
    }

    @Override
    public RateReply decode(long[] reply) {
        return RateReply.decode(reply);
    }

    @Override
    public RateIntervalSettle undo(RateReply admitted) {
        return settle(admitted, -admitted.taken(), 0);
    }

    /** Corrects the charge of {@code admitted}: charges {@code delta} permits more, or gives back as many if negative. */
    public RateIntervalSettle settle(RateReply admitted, long delta, long maxDebt) {
        return new RateIntervalSettle(aligned, delta, maxDebt, shape, admitted.stamp());
    }

    @Override
    public boolean shareable() {
        return true;
    }
}
