package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Sets a counter, whatever it was. Arguments: count (high and low half), mode and microseconds of {@code ttl}.
 *
 * @param count any long
 * @param ttl when the counter ends
 */
public record CounterSet(long count, Ttl ttl) implements Operation<CounterReply> {

    public CounterSet {
        ttl.requireCreating();
    }

    @Override
    public String name() {
        return "counter.set";
    }

    @Override
    public long[] arguments() {
        return new long[] {Pair.high(count), Pair.low(count), ttl.mode(), ttl.micros()};
    }

    /** {@link CounterReply#moved} wraps around where the two counts lie further apart than a long holds. */
    @Override
    public Transition<CounterReply> apply(@Nullable Value current, long nowMicros) {
        return CounterState.set(CounterState.live(current, nowMicros), count, ttl, nowMicros);
    }

    @Override
    public CounterReply decode(long[] reply) {
        return CounterReply.decode(reply);
    }
}
