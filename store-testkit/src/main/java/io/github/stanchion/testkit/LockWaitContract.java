package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockAcquire;
import io.github.stanchion.lock.LockAnswer;
import io.github.stanchion.lock.LockMode;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.lock.LockOwner;
import io.github.stanchion.lock.LockPlace;
import io.github.stanchion.lock.LockQueue;
import io.github.stanchion.lock.LockRefusal;
import io.github.stanchion.lock.LockRelease;
import io.github.stanchion.lock.LockReleased;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What {@link LockContract} says of who holds a lock, and of those who wait for it. */
abstract class LockWaitContract extends LockFixture {

    // Exclusion

    @Test
    final void oneHoldsAndTheOtherDoesNot() {
        Locks one = process();
        Locks two = process();
        try (Lease lease = one.acquire("a", "x")) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.remaining()).isEqualTo(LEASE);
            assertThat(two.tryAcquire("a", "x")).isNull();
            assertThat(await(start(() -> await(one.tryAcquireAsync("a", "x"))))).isEqualTo(Optional.empty());
            Lease other = free(two, "y");
            other.close();
        }
        Lease next = free(two, "x");
        next.close();
    }

    @Test
    final void keysOfSeveralPartsAreNotConfused() {
        Locks locks = process();
        try (Lease first = locks.acquire("a", "x", "y");
                Lease second = locks.acquire("a", "xy");
                Lease third = locks.acquire("a", "x,y")) {
            assertThat(List.of(first, second, third)).allMatch(Lease::isHeld);
            assertThat(locks.holding()).isEqualTo(3);
        }
    }

    @Test
    final void tokensRiseFromHolderToHolder() {
        Locks one = process();
        Locks two = process();
        long last = 0;
        for (int i = 0; i < 20; i++) {
            try (Lease lease = (i % 2 == 0 ? one : two).acquire("a", "x")) {
                assertThat(lease.fencingToken()).isGreaterThan(last);
                last = lease.fencingToken();
            }
        }
    }

    @Test
    final void readAddWriteUnderTheLockLosesNothing() {
        Locks one = process(lock().wait(LockSettings.FOREVER).build());
        Locks two = process(lock().wait(LockSettings.FOREVER).build());
        AtomicLong inside = new AtomicLong();
        long[] sum = new long[1];
        int rounds = 50;
        CompletableFuture<?> all = start(() -> Together.run(THREADS, number -> {
            for (int i = 0; i < rounds; i++) {
                try (Lease lease = (number % 2 == 0 ? one : two).acquire("a", "x")) {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    long read = sum[0];
                    // Long enough for another to come in between, were it let in.
                    LockSupport.parkNanos(100_000);
                    sum[0] = read + 1;
                    lease.checkpoint();
                    inside.decrementAndGet();
                }
            }
            return number;
        }));
        drive(all, Duration.ofMillis(20), Duration.ofMinutes(10));
        assertThat(sum[0]).isEqualTo((long) THREADS * rounds);
    }

    @Test
    final void callersOfOneProcessEnterInTheOrderOfTheirCalls() {
        Locks locks = process(lock().wait(LockSettings.FOREVER).build());
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Integer>> calls = new ArrayList<>();
        Lease first = locks.acquire("a", "x");
        for (int i = 0; i < 8; i++) {
            int number = i;
            calls.add(start(() -> locks.call("a", "x", () -> {
                order.add(number);
                return number;
            })));
            awaitWaiting(locks, i + 1);
        }
        first.close();
        calls.forEach(call -> drive(call, Duration.ofMillis(20), PATIENCE));
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    // Waiting

    @Test
    final void waiterIsWokenByTheReleaseOfAnotherProcess(TestReporter report) {
        Locks one = process();
        Locks two = process();
        Lease held = one.acquire("a", "x");
        CompletableFuture<Lease> waiting = two.acquireAsync("a", "x");
        sleeperWaits(waiting);
        held.close();
        if (declares(Capability.SIGNALS, report)) {
            // No time passes: only the wake-up can end the wait.
            assertThat(waiting).succeedsWithin(Duration.ofSeconds(15));
        }
        Lease next = drive(waiting, Duration.ofMillis(10), Duration.ofSeconds(2));
        next.close();
    }

    @Test
    final void noWakeUpIsLost(TestReporter report) {
        if (!declares(Capability.SIGNALS, report)) {
            return;
        }
        Sleeper brief = new BriefSleeper(sleeper);
        Locks one = process(lock().wait(LockSettings.FOREVER).build(), brief);
        Locks two = process(lock().wait(LockSettings.FOREVER).build(), brief);
        awaitWakeUps(one, two);
        // Nobody looks by itself, as no time passes: a wake-up that reaches nobody would leave the others waiting for
        // good.
        List<Integer> done = Together.run(THREADS, number -> {
            for (int i = 0; i < 50; i++) {
                if (number % 4 == 3) {
                    Lease free = (number % 8 == 3 ? one : two).tryAcquire("a", "x");
                    if (free != null) {
                        free.close();
                    }
                }
                (number % 2 == 0 ? one : two).acquire("a", "x").close();
            }
            return number;
        });
        assertThat(done).hasSize(THREADS);
    }

    @Test
    final void processWhoseReleaseNamesAnotherLetsItGoFirst() {
        Locks one = process();
        Node other = new Node("x");
        releaseThatNames(other, one);
        CompletableFuture<Lease> next = one.acquireAsync("a", "x");
        clock.advanceMicros(1_999);
        settle(next);
        assertThat(next).isNotDone();
        assertThat(other.acquire().granted()).isTrue();
        clock.advanceMicros(1);
        settle(next);
        assertThat(next).isNotDone();
        other.release();
        drive(next, Duration.ofMillis(10), Duration.ofSeconds(2)).close();

        // Whom it names may not come: then it is free.
        releaseThatNames(other, one);
        next = one.acquireAsync("a", "x");
        clock.advanceMicros(2_000);
        await(next).close();
    }

    @Test
    final void callThatTakesSeveralLocksLetsOthersGoFirstToo() {
        Locks one = process(lock().each(true).build());
        Node other = new Node("2");
        Lease held = one.acquire("a", "1", "2");
        assertThat(other.acquire().granted()).isFalse();
        held.close();
        CompletableFuture<Lease> next = one.acquireAsync("a", "2", "3");
        clock.advanceMicros(1_999);
        settle(next);
        assertThat(next).isNotDone();
        assertThat(other.acquire().granted()).isTrue();
        other.release();
        clock.advanceMicros(1);
        await(next).close();
    }

    @Test
    final void onlyCallsThatHaveTheTimeLetOthersGoFirst() {
        Locks one = process();
        Node other = new Node("x");
        releaseThatNames(other, one);
        free(one, "other").close();
        await(one.acquireAsync("a", "other")).close();
        assertThat(Objects.requireNonNull(one.tryAcquire("a", "x"))).satisfies(Lease::close);

        Locks hasty = process(lock().wait(Duration.ofMillis(2)).build());
        releaseThatNames(other, hasty);
        await(hasty.acquireAsync("a", "x")).close();
    }

    private void releaseThatNames(Node other, Locks locks) {
        Lease held = locks.acquire("a", "x");
        assertThat(other.acquire().granted()).isFalse();
        held.close();
    }

    /** A process of which all is known that it asks of the store, and when. */
    private final class Node {

        private static final long RETENTION = 600_000_000;

        private final LockOwner owner = new LockOwner(7, 1);
        private final StoreKey key;

        private Node(String subject) {
            this.key = keyOf(subject);
        }

        private LockAnswer acquire() {
            return store().execute(
                            key,
                            new LockAcquire(
                                    owner,
                                    LockMode.EXCLUSIVE,
                                    LockQueue.BARGING,
                                    RETENTION,
                                    1_000_000,
                                    0,
                                    true,
                                    false,
                                    key.fingerprint()));
        }

        private void release() {
            LockReleased released = store().execute(
                            key,
                            new LockRelease(
                                    owner,
                                    LockMode.EXCLUSIVE,
                                    LockQueue.BARGING,
                                    RETENTION,
                                    0,
                                    LockPlace.LEAVE,
                                    false,
                                    key.fingerprint()));
            assertThat(released.released()).isTrue();
        }
    }

    /** Until both have had to wait once: from then on they are woken. */
    private void awaitWakeUps(Locks one, Locks two) {
        for (List<Locks> pair : List.of(List.of(one, two), List.of(two, one))) {
            Lease held = pair.get(0).acquire("a", "x");
            CompletableFuture<Lease> waiting = pair.get(1).acquireAsync("a", "x");
            sleeperWaits(waiting);
            held.close();
            drive(waiting, Duration.ofMillis(10), Duration.ofSeconds(2)).close();
        }
    }

    @Test
    final void waitEndsAtItsDeadlineAndTheBodyNeverRuns() {
        Locks one = process();
        Locks two = process();
        AtomicInteger ran = new AtomicInteger();
        try (Lease lease = one.acquire("a", "x")) {
            for (Locks locks : List.of(one, two)) {
                long begun = clock.micros();
                CompletableFuture<Integer> call = start(() -> locks.call("a", "x", ran::incrementAndGet));
                assertThatThrownBy(() -> drive(call, Duration.ofMillis(10), Duration.ofSeconds(10)))
                        .isInstanceOfSatisfying(LockNotAcquiredException.class, refused -> {
                            assertThat(refused.reason()).isEqualTo(LockRefusal.HELD);
                            assertThat(refused.waited()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
                            assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
                        });
                assertThat(clock.micros() - begun).isGreaterThanOrEqualTo(2_000_000);
            }
            assertThat(lease.isHeld()).isTrue();
        }
        assertThat(ran).hasValue(0);
        assertThat(count(LockOutcome.REFUSED)).isEqualTo(2);
    }

    @Test
    final void whoGivesUpLeavesNobodyElseWaiting() {
        Locks one = process();
        Locks two = process();
        Locks three = process(lock().wait(LockSettings.FOREVER).build());
        Lease held = one.acquire("a", "x");
        CompletableFuture<Lease> quitter = two.acquireAsync("a", "x");
        sleeperWaits(quitter);
        CompletableFuture<Lease> stayer = three.acquireAsync("a", "x");
        quitter.cancel(false);
        held.close();
        drive(stayer, Duration.ofMillis(10), Duration.ofSeconds(2)).close();
    }

    @Test
    final void moreWaitersThanAllowedAreRefusedAtOnce() {
        Locks locks = process(lock().maxWaiters(3).wait(LockSettings.FOREVER).build());
        Lease held = await(locks.acquireAsync("a", "x"));
        List<CompletableFuture<Lease>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(locks.acquireAsync("a", "x"));
        }
        CompletableFuture<Lease> tooMany = locks.acquireAsync("a", "x");
        assertThatThrownBy(() -> await(tooMany))
                .isInstanceOfSatisfying(LockNotAcquiredException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(LockRefusal.TOO_MANY_WAITERS));
        held.close();
        waiting.forEach(call ->
                drive(call, Duration.ofMillis(10), Duration.ofSeconds(2)).close());
    }

    @Test
    final void interruptedCallerIsRefusedAndItsFlagStays() throws Exception {
        Locks locks = process(lock().wait(LockSettings.FOREVER).build());
        Lease held = locks.acquire("a", "x");
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                locks.acquire("a", "x").close();
                flag.completeExceptionally(new AssertionError("acquired"));
            } catch (LockNotAcquiredException refused) {
                flag.complete(refused.reason() == LockRefusal.INTERRUPTED
                        && Thread.currentThread().isInterrupted());
            }
        });
        waiter.start();
        awaitWaiting(locks, 1);
        waiter.interrupt();
        assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
        held.close();
    }

    /** Does not wait where it is for some milliseconds only. */
    private record BriefSleeper(Sleeper longer) implements Sleeper {

        private static final long BRIEF_MICROS = 10_000;

        @Override
        public void sleep(long micros) throws InterruptedException {
            if (micros > BRIEF_MICROS) {
                longer.sleep(micros);
            }
        }

        @Override
        public CompletionStage<Void> sleepAsync(long micros) {
            return micros > BRIEF_MICROS ? longer.sleepAsync(micros) : CompletableFuture.completedFuture(null);
        }
    }
}
