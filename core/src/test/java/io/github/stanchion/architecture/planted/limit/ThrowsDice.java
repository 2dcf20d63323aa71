package io.github.stanchion.architecture.planted.limit;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** An operation that is not a function. */
record ThrowsDice() implements Operation<Boolean> {

    @Override
    public String name() {
        return "planted.dice";
    }

    @Override
    public long[] arguments() {
        return new long[0];
    }

    @Override
    public Transition<Boolean> apply(@Nullable Value current, long nowMicros) {
        return new Transition<>(Effect.keep(), true, ThreadLocalRandom.current().nextBoolean());
    }

    @Override
    public Boolean decode(long[] reply) {
        return true;
    }
}
