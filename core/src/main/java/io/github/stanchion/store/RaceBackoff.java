package io.github.stanchion.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * Lets time pass between attempts that lost a race, so that contenders part.
 *
 * <p>The wait is drawn evenly from 0 to a bound that doubles with each attempt, from 50 microseconds to 20 milliseconds: full
 * jitter, after Marc Brooker, "Exponential Backoff And Jitter" (2015). Thread-safe.
 */
public final class RaceBackoff {

    private static final long FIRST_MICROS = 50;
    private static final long LONGEST_MICROS = 20_000;

    private final LongUnaryOperator draw;
    private final Pause pause;

    RaceBackoff(LongUnaryOperator draw, Pause pause) {
        this.draw = draw;
        this.pause = pause;
    }

    /** Parks the calling thread. */
    @FunctionalInterface
    interface Pause {
        void micros(long micros) throws InterruptedException;
    }

    /** Waits that pass in real time. */
    public static RaceBackoff jittered() {
        return new RaceBackoff(bound -> ThreadLocalRandom.current().nextLong(bound + 1), TimeUnit.MICROSECONDS::sleep);
    }

    /**
     * Waits before the next attempt, blocking the calling thread.
     *
     * @param lost how many attempts were lost, 1 or more
     */
    public void pause(int lost) throws InterruptedException {
        pause.micros(draw.applyAsLong(bound(lost)));
    }

    /** A stage that completes when the next attempt is due; no thread waits. */
    public CompletionStage<Void> pauseAsync(int lost) {
        Executor due = CompletableFuture.delayedExecutor(draw.applyAsLong(bound(lost)), TimeUnit.MICROSECONDS);
        return CompletableFuture.runAsync(() -> {}, due);
    }

    private static long bound(int lost) {
        return Math.min(LONGEST_MICROS, FIRST_MICROS << Math.min(lost - 1, 20));
    }
}
