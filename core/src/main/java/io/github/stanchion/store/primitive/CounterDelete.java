package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/** Removes a counter and answers what it was. No arguments. */
public record CounterDelete() implements Operation<CounterReply> {

    @Override
    public String name() {
        return "counter.delete";
    }

    @Override
    public long[] arguments() {
        return new long[0];
    }

    @Override
    public Transition<CounterReply> apply(@Nullable Value current, long nowMicros) {
        Counter there = CounterState.live(current, nowMicros);
        if (there == null) {
            return CounterState.keep(true, null, nowMicros);
        }
        CounterReply reply =
                new CounterReply(true, true, false, 0, -there.count(), there.endsAt(), Counter.ENDLESS, nowMicros);
        return new Transition<>(Effect.delete(), true, reply);
    }

    @Override
    public CounterReply decode(long[] reply) {
        return CounterReply.decode(reply);
    }
}
