package io.github.stanchion.architecture.planted.limit;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/** An operation that is an ordinary class. */
final class NotARecord implements Operation<Boolean> {

    @Override
    public String name() {
        return "planted.class";
    }

    @Override
    public long[] arguments() {
        return new long[0];
    }

    @Override
    public Transition<Boolean> apply(@Nullable Value current, long nowMicros) {
        return new Transition<>(Effect.keep(), true, true);
    }

    @Override
    public Boolean decode(long[] reply) {
        return true;
    }
}
