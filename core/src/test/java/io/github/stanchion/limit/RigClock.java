package io.github.stanchion.limit;

import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.store.MicroClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Time as the test says; a sleep is noted, and may be cut short. */
final class RigClock implements MicroClock, Sleeper {

    final List<Long> slept = new ArrayList<>();
    final List<CompletableFuture<Void>> asleep = new ArrayList<>();
    boolean interrupting;

    // 2026-03-01T00:00Z, a whole day.
    private long micros = 1_772_323_200_000_000L;

    @Override
    public long micros() {
        return micros;
    }

    void advance(Duration time) {
        micros += time.toNanos() / 1_000;
    }

    void advanceMicros(long time) {
        micros += time;
    }

    @Override
    public void sleep(long time) throws InterruptedException {
        if (interrupting) {
            throw new InterruptedException();
        }
        slept.add(time);
    }

    @Override
    public CompletionStage<Void> sleepAsync(long time) {
        slept.add(time);
        CompletableFuture<Void> stage = new CompletableFuture<>();
        asleep.add(stage);
        return stage;
    }
}
