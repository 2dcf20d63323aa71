package io.github.stanchion.testkit;

import io.github.stanchion.guard.Sleeper;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers wait until a test has advanced a {@link VirtualClock} far enough.
 *
 * <p>Threads and stages wait alike. A test starts its callers, {@linkplain #awaitWaiting awaits} that all of them are waiting,
 * advances the clock, and joins them; no real time needs to pass. Thread-safe.
 */
public final class VirtualSleeper implements Sleeper {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final VirtualClock clock;

    public VirtualSleeper(VirtualClock clock) {
        this.clock = clock;
    }

    @Override
    public void sleep(long micros) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        CompletableFuture<@Nullable Void> wait = clock.waitFor(micros);
        try {
            wait.get();
        } catch (InterruptedException interrupted) {
            wait.cancel(false);
            throw interrupted;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("A wait failed, which none can", impossible);
        }
    }

    @Override
    @SuppressWarnings("NullAway") // a stage of Void has nothing but null to complete with
    public CompletionStage<Void> sleepAsync(long micros) {
        return clock.waitFor(micros);
    }

    /** How many threads and stages are waiting now. */
    public int waiting() {
        return clock.waiting();
    }

    /**
     * Blocks until exactly {@code count} threads and stages are waiting.
     *
     * @throws AssertionError if they are not within ten seconds of real time
     */
    public void awaitWaiting(int count) {
        try {
            if (!clock.awaitWaiting(count, PATIENCE)) {
                throw new AssertionError("Number of waiting callers '" + clock.waiting() + "' is not '" + count
                        + "' after " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while awaiting '" + count + "' waiting callers", interrupted);
        }
    }
}
