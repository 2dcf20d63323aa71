package io.github.stanchion.guard;

import org.jspecify.annotations.Nullable;

/** Carries out the moves of a call's guards around the call. */
public final class GuardExecutor {

    /**
     * Runs the call behind its guards, outermost first.
     *
     * @throws Throwable what the method throws, or a guard's rejection
     */
    public @Nullable Object execute(GuardPlan plan, GuardedCall call) throws Throwable {
        return call.proceed();
    }
}
