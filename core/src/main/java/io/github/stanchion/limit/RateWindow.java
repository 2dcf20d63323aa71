package io.github.stanchion.limit;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides one call of a sliding window: the last window's count fades out as the current one fills.
 *
 * <p>Admits n if prev·(W - e) + (cur + n)·W is at most L·W, e being the milliseconds since the current window began; windows
 * follow one another from the epoch. Fewer than twice L pass in any W, without the doubling of a fixed window at its edge.
 * Absent is unused. A clock that steps back by up to a second fades nothing until it has caught up; after a longer step both
 * counts are the current window's of that time, and so are gone two windows later at the latest.
 *
 * <p>Arguments: L, W in milliseconds, cost. Reply: the components of {@link RateReply}, whose stamp is the window's number.
 *
 * @param limit L; with W up to 2·L·W = 2^53
 * @param windowMillis W
 * @param cost the permits asked for; 0 asks without charging
 */
public record RateWindow(long limit, long windowMillis, long cost) implements Operation<RateReply> {

    public RateWindow {
        WindowUse.requireCountable(limit, windowMillis);
        RateState.requireWithin(limit, cost);
    }

    @Override
    public String name() {
        return "rate.window";
    }

    @Override
    public long[] arguments() {
        return new long[] {limit, windowMillis, cost};
    }

    @Override
    public Transition<RateReply> apply(@Nullable Value current, long nowMicros) {
        WindowUse use = WindowUse.read(limit, windowMillis, current, RateState.sinceEpoch(nowMicros));
        long wait = use.waitFor(cost);
        boolean admitted = wait == 0;
        long taken = admitted ? cost : 0;
        use.take(taken);
        return new Transition<>(
                use.effect(),
                admitted,
                new RateReply(
                        admitted, taken, use.remaining(), wait, use.untilFull(), use.repaired(), List.of(use.stamp())));
    }

    @Override
    public RateReply decode(long[] reply) {
        return RateReply.decode(reply);
    }

    @Override
    public RateWindowSettle undo(RateReply admitted) {
        return settle(admitted, -admitted.taken(), 0);
    }

    /** Corrects the charge of {@code admitted}: charges {@code delta} permits more, or gives back as many if negative. */
    public RateWindowSettle settle(RateReply admitted, long delta, long maxDebt) {
        return new RateWindowSettle(
                limit, windowMillis, delta, maxDebt, admitted.stamp().get(0));
    }

    @Override
    public boolean shareable() {
        return true;
    }
}
