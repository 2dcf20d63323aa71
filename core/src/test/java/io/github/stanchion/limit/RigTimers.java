package io.github.stanchion.limit;

import io.github.stanchion.guard.Sleeper;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** A store's clock, a process's ticker and its timers, which all go by one time; a paused process misses its timers. */
final class RigTimers implements Sleeper, LongSupplier {

    private record Timer(long dueMicros, CompletableFuture<Void> stage) {}

    final RigClock clock = new RigClock();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::dueMicros));

    @Override
    public long getAsLong() {
        return clock.micros() * 1_000;
    }

    @Override
    public void sleep(long micros) {
        advanceMicros(micros);
    }

    @Override
    public CompletionStage<Void> sleepAsync(long micros) {
        Timer timer = new Timer(clock.micros() + micros, new CompletableFuture<>());
        timers.add(timer);
        return timer.stage;
    }

    void advance(Duration time) {
        advanceMicros(time.toNanos() / 1_000);
    }

    void advanceMicros(long micros) {
        long target = clock.micros() + micros;
        while (!timers.isEmpty() && timers.peek().dueMicros <= target) {
            Timer next = timers.remove();
            pauseMicros(Math.max(0, next.dueMicros - clock.micros()));
            next.stage.complete(null);
        }
        pauseMicros(target - clock.micros());
    }

    /** Lets time pass in which no timer fires. */
    void pauseMicros(long micros) {
        clock.advanceMicros(micros);
    }

    int pending() {
        return timers.size();
    }

    /** Who has set timers is dead. */
    void forget() {
        timers.clear();
    }
}
