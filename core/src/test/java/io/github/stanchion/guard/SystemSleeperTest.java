package io.github.stanchion.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemSleeperTest {

    private final SystemSleeper sleeper = new SystemSleeper();

    @Test
    void sleepsNoShorterThanAsked() throws Exception {
        long start = System.nanoTime();
        sleeper.sleep(20_000);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);

        long later = System.nanoTime();
        sleeper.sleepAsync(20_000).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(System.nanoTime() - later).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void interruptedBeforeOrMeanwhileItThrows() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> sleeper.sleep(1)).isInstanceOf(InterruptedException.class);

        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                sleeper.sleep(TimeUnit.HOURS.toMicros(1));
            } catch (InterruptedException expected) {
                thrown.complete(expected);
            }
        });
        waiting.start();
        waiting.interrupt();
        assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void stagesDoNotCompleteOnTheTimersThread() throws Exception {
        String thread = sleeper.sleepAsync(1_000)
                .thenApply(done -> Thread.currentThread().getName())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(thread).doesNotContain("Delay");
    }

    @Test
    void wakeUpEndsTheWaitHoweverItComes() throws Exception {
        long hour = TimeUnit.HOURS.toMicros(1);
        sleeper.sleep(hour, CompletableFuture.completedFuture("now"));
        sleeper.sleep(hour, CompletableFuture.failedFuture(new IllegalStateException()));
        CompletableFuture<Void> later = new CompletableFuture<>();
        new Thread(() -> later.complete(null)).start();
        sleeper.sleep(hour, later);
        sleeper.sleep(1_000, new CompletableFuture<>());

        CompletableFuture<Void> wakeUp = new CompletableFuture<>();
        CompletableFuture<String> thread = sleeper.sleepAsync(hour, wakeUp)
                .thenApply(over -> Thread.currentThread().getName())
                .toCompletableFuture();
        wakeUp.complete(null);
        assertThat(thread.get(10, TimeUnit.SECONDS))
                .isNotEqualTo(Thread.currentThread().getName());
        sleeper.sleepAsync(1_000, new CompletableFuture<>())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> sleeper.sleep(hour, new CompletableFuture<>()))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void stagesCanBeCancelled() {
        CompletableFuture<Void> stage =
                sleeper.sleepAsync(TimeUnit.HOURS.toMicros(1)).toCompletableFuture();
        stage.cancel(false);
        assertThat(stage).isCancelled();
    }
}
