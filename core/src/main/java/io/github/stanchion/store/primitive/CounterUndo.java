package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Takes an increment back while the counter still has the end that the increment left it with.
 *
 * <p>A counter with another end is another one, or one that somebody has renewed; it is left alone. The end itself stays.
 * Arguments: moved (high and low half), endsAt.
 *
 * @param moved by how much the increment moved the count
 * @param endsAt the end it left, in store time; 0 = none
 */
public record CounterUndo(long moved, long endsAt) implements Operation<CounterReply> {

    @Override
    public String name() {
        return "counter.undo";
    }

    @Override
    public long[] arguments() {
        return new long[] {Pair.high(moved), Pair.low(moved), endsAt};
    }

    @Override
    public Transition<CounterReply> apply(@Nullable Value current, long nowMicros) {
        Counter there = CounterState.live(current, nowMicros);
        if (there == null || there.endsAt() != endsAt) {
            return CounterState.keep(true, there, nowMicros);
        }
        long next = there.count() - moved;
        boolean overflow = ((there.count() ^ moved) & (there.count() ^ next)) < 0;
        return overflow
                ? CounterState.keep(true, there, nowMicros)
                : CounterState.set(there, next, Ttl.keep(), nowMicros);
    }

    @Override
    public CounterReply decode(long[] reply) {
        return CounterReply.decode(reply);
    }
}
