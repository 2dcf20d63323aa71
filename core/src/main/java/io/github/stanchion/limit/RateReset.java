package io.github.stanchion.limit;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Forgets what a subject has used, whatever the algorithm: all permits are back, debts too.
 *
 * <p>No arguments. Reply: 1 if there was anything to forget, else 0.
 */
public record RateReset() implements Operation<Boolean> {

    @Override
    public String name() {
        return "rate.reset";
    }

    @Override
    public long[] arguments() {
        return new long[0];
    }

    @Override
    public Transition<Boolean> apply(@Nullable Value current, long nowMicros) {
        return new Transition<>(current == null ? Effect.keep() : Effect.delete(), true, current != null);
    }

    @Override
    public Boolean decode(long[] reply) {
        return reply[0] != 0;
    }
}
