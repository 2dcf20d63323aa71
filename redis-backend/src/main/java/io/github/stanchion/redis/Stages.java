package io.github.stanchion.redis;

import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is to happen once a stage is over, where nobody waits for that. */
final class Stages {

    private static final System.Logger LOG = System.getLogger(RedisStore.class.getName());

    private Stages() {}

    /** Hears how a stage ended. */
    @FunctionalInterface
    interface Action<T> {

        /**
         * The stage is over.
         *
         * @param result the stage's; null if it failed
         * @param failed what went wrong, as it was thrown; null if it succeeded
         */
        void over(@Nullable T result, @Nullable Throwable failed);
    }

    /** Runs {@code action} once the stage is over; what it throws is logged, not lost. */
    static <T> void whenOver(CompletionStage<? extends T> stage, Action<T> action) {
        @SuppressWarnings("unused") // nobody waits for it
        Object over = stage.handle((result, failed) -> {
            run(() -> action.over(result, cause(failed)));
            return null;
        });
    }

    /** Runs what nobody waits for; what it throws is logged, not lost. */
    static void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error trouble) {
            LOG.log(Level.ERROR, "What follows an event of Redis failed", trouble);
        }
    }

    /** Lets it end as it likes. */
    static void forget(CompletionStage<?> stage) {
        whenOver(stage, (result, failed) -> {
            if (failed != null) {
                LOG.log(Level.DEBUG, "A connection to Redis was not closed in order", failed);
            }
        });
    }

    static @Nullable Throwable cause(@Nullable Throwable failed) {
        return failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
    }
}
