package io.github.stanchion.guard;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Lets time pass for calls that wait; the executor's only way to wait, so that tests can drive it. */
public interface Sleeper {

    /**
     * Parks the calling thread, virtual or not.
     *
     * @throws InterruptedException if the thread is interrupted, before or meanwhile
     */
    void sleep(long micros) throws InterruptedException;

    /** A stage that completes after so long, without a thread that waits; cancelling it frees what it holds. */
    CompletionStage<Void> sleepAsync(long micros);

    /** As {@link #sleep(long)}, but no longer than until {@code wakeUp} completes, however it does. */
    default void sleep(long micros, CompletableFuture<?> wakeUp) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        CompletableFuture<Void> wait = sleepAsync(micros, wakeUp).toCompletableFuture();
        try {
            wait.get();
        } catch (InterruptedException interrupted) {
            wait.cancel(false);
            throw interrupted;
        } catch (ExecutionException | CancellationException over) {
            // A wait that failed is over all the same: whoever waits looks again.
        }
    }

    /**
     * As {@link #sleepAsync(long)}, but no longer than until {@code wakeUp} completes, however it does.
     *
     * <p>What follows never runs on the thread that completes {@code wakeUp}.
     */
    default CompletionStage<Void> sleepAsync(long micros, CompletableFuture<?> wakeUp) {
        if (wakeUp.isDone()) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<Void> wait = new CompletableFuture<>();
        CompletableFuture<Void> timer = sleepAsync(micros).toCompletableFuture();
        CompletableFuture<Void> unused = timer.whenComplete((slept, cut) -> wait.complete(null));
        CompletableFuture<?> unusedWaking = wakeUp.whenComplete((woken, trouble) -> wait.completeAsync(() -> null));
        CompletableFuture<Void> unusedEnd = wait.whenComplete((over, cut) -> timer.cancel(false));
        return wait;
    }
}
