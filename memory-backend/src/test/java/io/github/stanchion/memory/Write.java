package io.github.stanchion.memory;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/** Writes a value, whatever was there; deletes without one. */
record Write(@Nullable Value value, long collectAfterMicros) implements Operation<Boolean> {

    @Override
    public String name() {
        return "test.write";
    }

    @Override
    public long[] arguments() {
        return new long[0];
    }

    @Override
    public Transition<Boolean> apply(@Nullable Value current, long nowMicros) {
        Effect effect = value == null ? Effect.delete() : Effect.put(value, collectAfterMicros);
        return new Transition<>(effect, true, true);
    }

    @Override
    public Boolean decode(long[] reply) {
        throw new UnsupportedOperationException("no twin");
    }
}
