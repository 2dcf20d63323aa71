package io.github.stanchion.guard;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How far an asynchronous call has come: past all its guards, or to its end. */
public sealed interface Admission {

    /** All guards have admitted: run what is guarded, then call {@link #leave} once, whatever happens. */
    non-sealed interface Admitted extends Admission {

        /**
         * Runs what is guarded on this thread, in its scope.
         *
         * @throws Throwable whatever it throws
         */
        @Nullable
        Object proceed() throws Throwable;

        /** What the guarded body runs in: adapters carry it to wherever the body goes on. */
        CallScope scope();

        /** Whether a guard may want the body to end early. */
        boolean isScoped();

        /** The body goes on after {@link #proceed} has returned, and {@code stop} makes it end early; it may be run once. */
        void stoppableBy(Runnable stop);

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
