package io.github.stanchion.memory;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a value as it is. */
record Look() implements Operation<Optional<Value>> {

    @Override
    public String name() {
        return "test.look";
    }

    @Override
    public long[] arguments() {
        return new long[0];
    }

    @Override
    public Transition<Optional<Value>> apply(@Nullable Value current, long nowMicros) {
        return new Transition<>(Effect.keep(), true, Optional.ofNullable(current));
    }

    @Override
    public Optional<Value> decode(long[] reply) {
        throw new UnsupportedOperationException("no twin");
    }
}
