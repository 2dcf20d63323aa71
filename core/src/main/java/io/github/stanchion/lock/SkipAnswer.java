package io.github.stanchion.lock;

import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.GuardedCall;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls that skip.
 *
 * @param value what such a call comes to; thread-safe
 */
record SkipAnswer(Function<GuardedCall, @Nullable Object> value) implements Fallback {

    @Override
    public @Nullable Object answer(GuardedCall call, Throwable failure) {
        return value.apply(call);
    }

    @Override
    public boolean answersValue() {
        return true;
    }
}
