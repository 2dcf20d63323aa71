package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/** Reads a counter and its end in one step. No arguments. */
public record CounterGet() implements Operation<CounterReply> {

    @Override
    public String name() {
        return "counter.get";
    }

    @Override
    public long[] arguments() {
        return new long[0];
    }

    @Override
    public Transition<CounterReply> apply(@Nullable Value current, long nowMicros) {
        return CounterState.keep(true, CounterState.live(current, nowMicros), nowMicros);
    }

    @Override
    public CounterReply decode(long[] reply) {
        return CounterReply.decode(reply);
    }
}
