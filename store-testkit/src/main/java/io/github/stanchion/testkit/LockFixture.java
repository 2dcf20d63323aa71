package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/**
 * Processes that want locks of one store, for contracts: each {@link Locks} stands for one. Time is virtual: leases, waits
 * and the store's clock go by one.
 */
abstract class LockFixture extends StoreFixture {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration LEASE = Duration.ofSeconds(3);
    static final Duration SPAN = LEASE.plusMillis(300);

    private final String prefix = "kit-" + UUID.randomUUID().toString().substring(0, 8);
    final VirtualSleeper sleeper = new VirtualSleeper(clock);
    private final List<Locks> processes = new ArrayList<>();
    final ConcurrentLinkedQueue<LockEvent> events = new ConcurrentLinkedQueue<>();

    static LockSettings.Builder lock() {
        return LockSettings.builder().lease(LEASE).wait(Duration.ofSeconds(2));
    }

    Locks process(LockSettings settings) {
        return process(settings, sleeper);
    }

    Locks process(LockSettings settings, Sleeper sleeper) {
        LockPolicies policies = LockPolicies.builder()
                .keyPrefix(prefix)
                .configured(Map.of("a", settings))
                .build();
        Locks locks = Locks.builder(policies, store())
                .sleeper(sleeper)
                .drivenBy(() -> TimeUnit.MICROSECONDS.toNanos(clock.micros()))
                .listeners(new GuardListeners(List.of(this::hear)))
                // Whoever waits hears wake-ups from then on.
                .background(Runnable::run)
                .build();
        processes.add(locks);
        return locks;
    }

    /** Where the store keeps the lock of this subject. */
    StoreKey keyOf(String subject) {
        return KeySpace.of(prefix, "lock", "a").key(subject);
    }

    private void hear(GuardEvent event) {
        events.add((LockEvent) event);
    }

    Locks process() {
        return process(lock().build());
    }

    long count(LockOutcome outcome) {
        return events.stream()
                .filter(event -> event instanceof LockEvent.Decided decided && decided.outcome() == outcome)
                .count();
    }

    @AfterEach
    final void nothingIsLeft() {
        for (Locks locks : processes) {
            assertThat(locks.holding()).as("locks held at the end").isZero();
            assertThat(locks.waiting()).as("calls waiting at the end").isZero();
            locks.close();
        }
    }

    /** Takes the lock, which nobody holds; a store that takes back what it reserved may need a moment for that. */
    static Lease free(Locks locks, String key) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Lease lease = locks.tryAcquire("a", key);
        while (lease == null && System.nanoTime() < end) {
            lease = locks.tryAcquire("a", key);
        }
        assertThat(lease).as("free lock '%s'", key).isNotNull();
        return Objects.requireNonNull(lease);
    }

    /** Runs the task on a thread of its own. */
    static <T> CompletableFuture<T> start(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable error) {
                result.completeExceptionally(error);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /** Lets time pass in small steps until the future is done. */
    <T> T drive(CompletableFuture<T> future, Duration step, Duration most) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Duration passed = Duration.ZERO;
        while (!future.isDone() && System.nanoTime() < end) {
            if (passed.compareTo(most) < 0) {
                clock.advance(step);
                passed = passed.plus(step);
            }
            settle(future);
        }
        return await(future);
    }

    static void settle(CompletableFuture<?> future) {
        try {
            future.get(2, TimeUnit.MILLISECONDS);
        } catch (Exception notYet) {
            // What is not done yet may be at the next look.
        }
    }

    void awaitWaiting(Locks locks, int count) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (locks.waiting() != count) {
            assertThat(System.nanoTime())
                    .as("calls waiting: %d", locks.waiting())
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** Until the call waits it must have been refused once, so that its process is in the store's line. */
    void sleeperWaits(CompletableFuture<?> call) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (sleeper.waiting() < 2 && !call.isDone() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(call).isNotDone();
    }

    static void awaitRenewal(Lease lease) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (lease.remaining().compareTo(LEASE.dividedBy(2)) < 0) {
            assertThat(System.nanoTime()).as("renewal").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
