package io.github.stanchion.guard;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How far an asynchronous call has come: past all its guards, or to its end. */
public sealed interface Admission {

    /** All guards have admitted: run what is guarded, then call {@link #leave} once, whatever happens. */
    non-sealed interface Admitted extends Admission {

        /**
         * Tells the guards, innermost first, how the call ended.
         *
         * @param outcome {@link Outcome.NotRun} if what is guarded was never begun
         * @return what the caller is to get; never completes exceptionally
         */
        CompletionStage<Ended> leave(Outcome outcome);
    }

    /**
     * The call is over and no guard holds anything for it.
     *
     * @param outcome what the caller gets: {@link Outcome.NotRun} if a guard refused
     * @param fallback answers the caller instead of the error, null to let it through
     */
    record Ended(Outcome outcome, @Nullable Fallback fallback) implements Admission {

        /** The error that the outcome holds, null if it holds none. */
        public @Nullable Throwable failure() {
            return failureOf(outcome);
        }

        static @Nullable Throwable failureOf(Outcome outcome) {
            if (outcome instanceof Outcome.Threw threw) {
                return threw.error();
            }
            return outcome instanceof Outcome.NotRun notRun ? notRun.reason() : null;
        }
    }
}
