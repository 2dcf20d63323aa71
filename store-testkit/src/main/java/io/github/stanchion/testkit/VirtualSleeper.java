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
 * advances the clock, and joins them; no real time needs to pass. A thread that {@linkplain #drivenBy drives} the clock would
 * wait for itself, so its own waits let their time pass at once. Thread-safe.
 */
public final class VirtualSleeper implements Sleeper {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final VirtualClock clock;
    private volatile @Nullable Thread driver;

    public VirtualSleeper(VirtualClock clock) {
        this.clock = clock;
    }

    /** For what goes on beside the callers of a test: it wakes as they do, and is not counted. */
    public static Sleeper uncounted(VirtualClock clock) {
        return new Sleeper() {
            @Override
            public void sleep(long micros) throws InterruptedException {
                sleep(micros, new CompletableFuture<>());
            }

            @Override
            public CompletionStage<Void> sleepAsync(long micros) {
                return stage(clock, micros, false);
            }
        };
    }

    /**
     * From now on the waits of this thread advance the clock to their ends, rather than wait for a test that is blocked itself.
     *
     * @param thread whose calls the test makes; null for none, as at first
     */
    public void drivenBy(@Nullable Thread thread) {
        driver = thread;
    }

    @Override
    public void sleep(long micros) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (Thread.currentThread() == driver) {
            clock.advanceMicros(Math.max(0, micros));
            return;
        }
        CompletableFuture<@Nullable Void> wait = clock.waitFor(micros, true);
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
    public void sleep(long micros, CompletableFuture<?> wakeUp) throws InterruptedException {
        if (Thread.currentThread() != driver) {
            Sleeper.super.sleep(micros, wakeUp);
            return;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        clock.advanceUntil(wakeUp::isDone, Math.max(0, micros));
    }

    @Override
    public CompletionStage<Void> sleepAsync(long micros) {
        return stage(clock, micros, true);
    }

    @SuppressWarnings("NullAway") // a stage of Void has nothing but null to complete with
    private static CompletionStage<Void> stage(VirtualClock clock, long micros, boolean counted) {
        return clock.waitFor(micros, counted);
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
