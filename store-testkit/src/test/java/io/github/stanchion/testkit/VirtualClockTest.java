package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class VirtualClockTest {

    private final VirtualClock clock = new VirtualClock();
    private final VirtualSleeper sleeper = new VirtualSleeper(clock);

    @Test
    void standsStillUntilItIsMoved() {
        assertThat(clock.instant()).isEqualTo(VirtualClock.START);
        clock.advance(Duration.ofNanos(1_999));
        assertThat(clock.instant()).isEqualTo(VirtualClock.START.plusNanos(1_000));
        clock.stepBack(Duration.ofHours(1));
        assertThat(clock.instant())
                .isEqualTo(VirtualClock.START.plusNanos(1_000).minusSeconds(3_600));
        clock.set(Instant.EPOCH);
        assertThat(clock.micros()).isZero();
    }

    @Test
    void timeDoesNotPassBackwards() {
        assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStageEndsExactlyWhenItsTimeHasPassed() {
        CompletableFuture<Void> wait = sleeper.sleepAsync(1_000).toCompletableFuture();
        clock.advanceMicros(999);
        assertThat(wait).isNotDone();
        clock.advanceMicros(1);
        assertThat(wait).isCompleted();
        assertThat(sleeper.waiting()).isZero();
    }

    @Test
    void noWaitIsNoWait() {
        assertThat(sleeper.sleepAsync(0).toCompletableFuture()).isCompleted();
        assertThat(sleeper.waiting()).isZero();
    }

    @Test
    void oneAdvanceStopsAtEachWaitAndAtTheWaitsThatBeginThere() {
        List<Long> woken = new ArrayList<>();
        long start = clock.micros();
        sleeper.sleepAsync(20).thenRun(() -> woken.add(clock.micros() - start));
        sleeper.sleepAsync(10)
                .thenCompose(nothing -> {
                    woken.add(clock.micros() - start);
                    return sleeper.sleepAsync(5);
                })
                .thenRun(() -> woken.add(clock.micros() - start));
        clock.advanceMicros(100);
        assertThat(woken).containsExactly(10L, 15L, 20L);
        assertThat(clock.micros() - start).isEqualTo(100);
    }

    @Test
    void correctingTheClockWakesNobodyAndProlongsNoWait() {
        CompletableFuture<Void> wait = sleeper.sleepAsync(1_000).toCompletableFuture();
        clock.set(clock.instant().plusSeconds(3_600));
        assertThat(wait).isNotDone();
        clock.stepBack(Duration.ofDays(1));
        clock.advanceMicros(1_000);
        assertThat(wait).isCompleted();
    }

    @Test
    void aCancelledWaitIsForgotten() {
        CompletableFuture<Void> wait = sleeper.sleepAsync(1_000).toCompletableFuture();
        assertThat(sleeper.waiting()).isEqualTo(1);
        assertThat(wait.cancel(false)).isTrue();
        assertThat(sleeper.waiting()).isZero();
        assertThat(wait).isCancelled();
    }

    @Test
    void threadsSleepUntilTheirTimeHasPassed() throws InterruptedException {
        Thread sleeping = new Thread(() -> sleepQuietly(new AtomicReference<>()));
        sleeping.start();
        sleeper.awaitWaiting(1);
        clock.advanceMicros(499);
        assertThat(sleeper.waiting()).isEqualTo(1);
        clock.advanceMicros(1);
        sleeping.join(10_000);
        assertThat(sleeping.isAlive()).isFalse();
    }

    @Test
    void anInterruptedSleepIsForgotten() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread sleeping = new Thread(() -> sleepQuietly(thrown));
        sleeping.start();
        sleeper.awaitWaiting(1);
        sleeping.interrupt();
        sleeping.join(10_000);
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(sleeper.waiting()).isZero();
    }

    private void sleepQuietly(AtomicReference<Throwable> thrown) {
        try {
            sleeper.sleep(500);
        } catch (InterruptedException interrupted) {
            thrown.set(interrupted);
        }
    }

    @Test
    void whoDrivesTheClockLetsTimePassRatherThanWaitForItself() throws InterruptedException {
        List<Long> woken = new ArrayList<>();
        long start = clock.micros();
        sleeper.sleepAsync(300).thenRun(() -> woken.add(clock.micros() - start));
        sleeper.drivenBy(Thread.currentThread());

        sleeper.sleep(1_000);

        assertThat(clock.micros() - start).isEqualTo(1_000);
        assertThat(woken).containsExactly(300L);
        assertThat(sleeper.waiting()).isZero();
    }

    @Test
    void whoDrivesTheClockIsWokenAtTheInstantAtWhichSomebodyElseDoesSo() throws InterruptedException {
        CompletableFuture<String> wakeUp = new CompletableFuture<>();
        long start = clock.micros();
        sleeper.sleepAsync(300).thenRun(() -> wakeUp.complete("come"));
        sleeper.drivenBy(Thread.currentThread());

        sleeper.sleep(1_000, wakeUp);
        assertThat(clock.micros() - start).isEqualTo(300);
        sleeper.sleep(1_000, wakeUp);
        assertThat(clock.micros() - start).isEqualTo(300);
        sleeper.sleep(1_000, new CompletableFuture<>());
        assertThat(clock.micros() - start).isEqualTo(1_300);
    }

    @Test
    void othersWaitAsBeforeAndAnInterruptIsNotDrivenOver() {
        sleeper.drivenBy(new Thread(() -> {}));
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try {
                sleeper.sleep(1_000, new CompletableFuture<>());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        sleeper.awaitWaiting(1);
        clock.advanceMicros(1_000);
        waiting.join();

        sleeper.drivenBy(Thread.currentThread());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> sleeper.sleep(1)).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> sleeper.sleep(1, new CompletableFuture<>())).isInstanceOf(InterruptedException.class);
        sleeper.drivenBy(null);
    }

    @Test
    void whoIsNotCountedWakesAllTheSame() {
        Sleeper beside = VirtualSleeper.uncounted(clock);
        CompletableFuture<Void> first = beside.sleepAsync(10).toCompletableFuture();
        CompletableFuture<Void> second = beside.sleepAsync(20).toCompletableFuture();
        sleeper.sleepAsync(30);
        assertThat(sleeper.waiting()).isEqualTo(1);
        sleeper.awaitWaiting(1);

        second.cancel(false);
        clock.advanceMicros(10);

        assertThat(first).isCompleted();
        assertThat(sleeper.waiting()).isEqualTo(1);
        clock.advanceMicros(20);
        assertThat(sleeper.waiting()).isZero();
    }
}
