package io.github.stanchion.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Time passes at once for those who block, and when the test says so for the others. */
final class VirtualSleeper implements Sleeper {

    final List<Long> slept = new ArrayList<>();
    final List<CompletableFuture<Void>> asleep = new ArrayList<>();
    boolean interrupting;

    @Override
    public void sleep(long micros) throws InterruptedException {
        if (interrupting || Thread.interrupted()) {
            throw new InterruptedException();
        }
        slept.add(micros);
    }

    @Override
    public CompletionStage<Void> sleepAsync(long micros) {
        slept.add(micros);
        CompletableFuture<Void> stage = new CompletableFuture<>();
        asleep.add(stage);
        return stage;
    }

    void wake() {
        asleep.remove(0).complete(null);
    }
}
