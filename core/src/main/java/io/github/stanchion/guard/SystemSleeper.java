package io.github.stanchion.guard;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets real time pass; the one class that waits.
 *
 * <p>Thread-safe, holds no threads of its own. Stages complete in the common pool, so that what follows a wait never runs on
 * the timer's thread.
 */
public final class SystemSleeper implements Sleeper {

    @Override
    public void sleep(long micros) throws InterruptedException {
        long nanos = TimeUnit.MICROSECONDS.toNanos(micros);
        long start = System.nanoTime();
        long left = nanos;
        do {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(this, left);
            left = nanos - (System.nanoTime() - start);
        } while (left > 0);
    }

    @Override
    public void sleep(long micros, CompletableFuture<?> wakeUp) throws InterruptedException {
        try {
            wakeUp.get(micros, TimeUnit.MICROSECONDS);
        } catch (TimeoutException | ExecutionException | CancellationException over) {
            // Woken or not: the wait is over.
        }
    }

    @Override
    public CompletionStage<Void> sleepAsync(long micros) {
        CompletableFuture<Void> timer =
                new CompletableFuture<Void>().completeOnTimeout(null, micros, TimeUnit.MICROSECONDS);
        CompletableFuture<Void> handedOver = timer.thenRunAsync(() -> {});
        // Cancelling a dependent stage does not reach the timer by itself.
        return withCancellation(handedOver, timer);
    }

    private static CompletableFuture<Void> withCancellation(
            CompletableFuture<Void> stage, CompletableFuture<Void> timer) {
        CompletableFuture<Void> unused = stage.whenComplete((done, trouble) -> timer.cancel(false));
        return stage;
    }
}
