package io.github.stanchion.limit;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides one call of a sliding log: at most L permits younger than W, exactly, in whatever window one looks.
 *
 * <p>Each permit's time is kept, so limits end at {@value LogEntries#MOST_PERMITS}. Absent is unused. A clock that steps back
 * by up to a second ends nothing until it has caught up; after a longer step entries ahead of now count as taken now.
 *
 * <p>Arguments: L, W in microseconds, cost. Reply: the components of {@link RateReply}, whose stamp is the time that the
 * permits were, or would have been, entered at.
 *
 * @param limit L, up to {@value LogEntries#MOST_PERMITS}
 * @param windowMicros W
 * @param cost the permits asked for; 0 asks without charging
 */
public record RateLog(long limit, long windowMicros, long cost) implements Operation<RateReply> {

    public RateLog {
        LogEntries.requireCountable(limit, windowMicros);
        RateState.requireWithin(limit, cost);
    }

    @Override
    public String name() {
        return "rate.log";
    }

    @Override
    public long[] arguments() {
        return new long[] {limit, windowMicros, cost};
    }

    @Override
    public Transition<RateReply> apply(@Nullable Value current, long nowMicros) {
        LogEntries entries = LogEntries.read(limit, windowMicros, current, RateState.sinceEpoch(nowMicros));
        long wait = entries.waitFor(cost);
        boolean admitted = wait == 0;
        long taken = admitted ? cost : 0;
        entries.take(taken);
        return new Transition<>(
                entries.effect(),
                admitted,
                new RateReply(
                        admitted,
                        taken,
                        entries.remaining(),
                        wait,
                        entries.untilFull(),
                        entries.repaired(),
                        List.of(entries.stamp())));
    }

    @Override
    public RateReply decode(long[] reply) {
        return RateReply.decode(reply);
    }

    @Override
    public RateLogSettle undo(RateReply admitted) {
        return settle(admitted, -admitted.taken(), 0);
    }

    /** Corrects the charge of {@code admitted}: charges {@code delta} permits more, or gives back as many if negative. */
    public RateLogSettle settle(RateReply admitted, long delta, long maxDebt) {
        return new RateLogSettle(
                limit, windowMicros, delta, maxDebt, admitted.stamp().get(0));
    }

    @Override
    public boolean shareable() {
        return true;
    }
}
