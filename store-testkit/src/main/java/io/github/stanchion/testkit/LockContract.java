package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.WaitOver;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LeaseLoss;
import io.github.stanchion.lock.LeaseLostException;
import io.github.stanchion.lock.LockAcquire;
import io.github.stanchion.lock.LockAnswer;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockMode;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.lock.LockOwner;
import io.github.stanchion.lock.LockPlace;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockPolicy;
import io.github.stanchion.lock.LockQueue;
import io.github.stanchion.lock.LockRefusal;
import io.github.stanchion.lock.LockRelease;
import io.github.stanchion.lock.LockReleased;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What locks must come to on every store, as tests of the facade: extend it, open your store, run it.
 *
 * <p>Each {@link Locks} stands for a process of its own. Time is virtual: leases, waits and the store's clock go by one.
 */
public abstract class LockContract extends StoreFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration SPAN = LEASE.plusMillis(300);

    private final String prefix = "kit-" + UUID.randomUUID().toString().substring(0, 8);
    private final VirtualSleeper sleeper = new VirtualSleeper(clock);
    private final List<Locks> processes = new ArrayList<>();
    private final ConcurrentLinkedQueue<LockEvent> events = new ConcurrentLinkedQueue<>();

    private static LockSettings.Builder lock() {
        return LockSettings.builder().lease(LEASE).wait(Duration.ofSeconds(2));
    }

    private Locks process(LockSettings settings) {
        return process(settings, sleeper);
    }

    private Locks process(LockSettings settings, Sleeper sleeper) {
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

    private void hear(GuardEvent event) {
        events.add((LockEvent) event);
    }

    private Locks process() {
        return process(lock().build());
    }

    private long count(LockOutcome outcome) {
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
    private static Lease free(Locks locks, String key) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Lease lease = locks.tryAcquire("a", key);
        while (lease == null && System.nanoTime() < end) {
            lease = locks.tryAcquire("a", key);
        }
        assertThat(lease).as("free lock '%s'", key).isNotNull();
        return Objects.requireNonNull(lease);
    }

    /** Runs the task on a thread of its own. */
    private static <T> CompletableFuture<T> start(Callable<T> task) {
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

    private static <T> T get(CompletableFuture<T> future) {
        return await(future);
    }

    /** Lets time pass in small steps until the future is done. */
    private <T> T drive(CompletableFuture<T> future, Duration step, Duration most) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Duration passed = Duration.ZERO;
        while (!future.isDone() && System.nanoTime() < end) {
            if (passed.compareTo(most) < 0) {
                clock.advance(step);
                passed = passed.plus(step);
            }
            settle(future);
        }
        return get(future);
    }

    private static void settle(CompletableFuture<?> future) {
        try {
            future.get(2, TimeUnit.MILLISECONDS);
        } catch (Exception notYet) {
            // What is not done yet may be at the next look.
        }
    }

    private void awaitWaiting(Locks locks, int count) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (locks.waiting() != count) {
            assertThat(System.nanoTime())
                    .as("calls waiting: %d", locks.waiting())
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    // Exclusion

    @Test
    final void oneHoldsAndTheOtherDoesNot() {
        Locks one = process();
        Locks two = process();
        try (Lease lease = one.acquire("a", "x")) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.remaining()).isEqualTo(LEASE);
            assertThat(two.tryAcquire("a", "x")).isNull();
            assertThat(get(start(() -> get(one.tryAcquireAsync("a", "x"))))).isEqualTo(Optional.empty());
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
        CompletableFuture<?> all = start(() -> together(THREADS, number -> {
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
    final void waiterIsWokenByTheReleaseOfAnotherProcess() {
        Locks one = process();
        Locks two = process();
        Lease held = one.acquire("a", "x");
        CompletableFuture<Lease> waiting = two.acquireAsync("a", "x");
        sleeperWaits(waiting);
        held.close();
        if (store().capabilities().contains(Capability.SIGNALS)) {
            // No time passes: only the wake-up can end the wait.
            assertThat(waiting).succeedsWithin(Duration.ofSeconds(15));
        }
        Lease next = drive(waiting, Duration.ofMillis(10), Duration.ofSeconds(2));
        next.close();
    }

    @Test
    final void noWakeUpIsLost() {
        if (!store().capabilities().contains(Capability.SIGNALS)) {
            return;
        }
        Sleeper brief = new BriefSleeper(sleeper);
        Locks one = process(lock().wait(LockSettings.FOREVER).build(), brief);
        Locks two = process(lock().wait(LockSettings.FOREVER).build(), brief);
        awaitWakeUps(one, two);
        // Nobody looks by itself, as no time passes: a wake-up that reaches nobody would leave the others waiting for
        // good.
        List<Integer> done = together(THREADS, number -> {
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
        get(next).close();
    }

    @Test
    final void onlyCallsThatHaveTheTimeLetOthersGoFirst() {
        Locks one = process();
        Node other = new Node("x");
        releaseThatNames(other, one);
        free(one, "other").close();
        get(one.acquireAsync("a", "other")).close();
        assertThat(Objects.requireNonNull(one.tryAcquire("a", "x"))).satisfies(Lease::close);

        Locks hasty = process(lock().wait(Duration.ofMillis(2)).build());
        releaseThatNames(other, hasty);
        get(hasty.acquireAsync("a", "x")).close();
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
            this.key = KeySpace.of(prefix, "lock", "a").key(subject);
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

    /** Until the call waits it must have been refused once, so that its process is in the store's line. */
    private void sleeperWaits(CompletableFuture<?> call) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (sleeper.waiting() < 2 && !call.isDone() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(call).isNotDone();
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
        Lease held = get(locks.acquireAsync("a", "x"));
        List<CompletableFuture<Lease>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(locks.acquireAsync("a", "x"));
        }
        CompletableFuture<Lease> tooMany = locks.acquireAsync("a", "x");
        assertThatThrownBy(() -> get(tooMany))
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

    // Leases

    @Test
    final void leaseIsRenewedForAsLongAsItIsHeld() {
        Locks one = process();
        Locks two = process();
        Lease lease = one.acquire("a", "x");
        for (int i = 0; i < 200; i++) {
            clock.advance(Duration.ofMillis(100));
            if (i % 10 == 9) {
                awaitRenewal(lease);
                assertThat(two.tryAcquire("a", "x")).isNull();
            }
        }
        assertThat(lease.isHeld()).isTrue();
        lease.close();
        Lease next = free(two, "x");
        next.close();
    }

    /** Renewals answer in real time, and virtual time must not run away from them. */
    private static void awaitRenewal(Lease lease) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (lease.remaining().compareTo(LEASE.dividedBy(2)) < 0) {
            assertThat(System.nanoTime()).as("renewal").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    final void refusedCallIsToldHowLongALockThatIsNeverRenewedIsStillHeld() {
        Locks one = process(
                lock().renew(LeaseRenewal.NEVER).wait(Duration.ofMillis(1)).build());
        Locks two = process(
                lock().renew(LeaseRenewal.NEVER).wait(Duration.ofMillis(1)).build());
        Lease lease = one.acquire("a", "x");
        clock.advance(Duration.ofSeconds(1));
        CompletableFuture<Lease> refused = start(() -> two.acquire("a", "x"));
        assertThatThrownBy(() -> drive(refused, Duration.ofMillis(1), Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(LockNotAcquiredException.class, held -> assertThat(held.retryAfter())
                        .hasValueSatisfying(
                                after -> assertThat(after).isBetween(SPAN.minusSeconds(2), SPAN.minusSeconds(1))));
        lease.close();
    }

    @Test
    final void holderThatIsGoneBlocksNobodyBeyondItsLease() {
        Locks one = process(lock().renew(LeaseRenewal.NEVER).build());
        Locks two = process();
        Lease lost = one.acquire("a", "x");
        long begun = clock.micros();
        assertThat(two.tryAcquire("a", "x")).isNull();
        clock.advance(SPAN.minusNanos(1_000));
        assertThat(two.tryAcquire("a", "x")).isNull();
        clock.advanceMicros(1);
        Lease next = free(two, "x");
        assertThat(clock.micros() - begun).isEqualTo(SPAN.toNanos() / 1_000);
        assertThat(lost.isHeld()).isFalse();
        assertThatThrownBy(lost::checkpoint).isInstanceOf(LeaseLostException.class);
        lost.close();
        assertThat(next.verify()).isTrue();
        next.close();
    }

    @Test
    final void bodyThatHangsAfterItsLockIsLostHoldsUpNobodyOfItsOwnProcess() {
        Locks locks = process(
                lock().renew(LeaseRenewal.NEVER).wait(LockSettings.FOREVER).build());
        Lease hung = locks.acquire("a", "x");
        CompletableFuture<Lease> waiting = start(() -> locks.acquire("a", "x"));
        awaitWaiting(locks, 1);
        Lease next = drive(waiting, Duration.ofMillis(20), SPAN.plusMillis(200));
        assertThat(hung.isHeld()).isFalse();
        assertThat(next.isHeld()).isTrue();
        assertThat(get(start(() -> Optional.ofNullable(locks.tryAcquire("a", "x")))))
                .isEmpty();
        hung.close();
        assertThat(next.isHeld()).isTrue();
        assertThat(next.verify()).isTrue();
        next.close();
    }

    @Test
    final void lostLeaseIsNoticedAndTheResultDropped() {
        Locks one = process(lock().renew(LeaseRenewal.NEVER).build());
        List<String> reactions = new ArrayList<>();
        assertThatThrownBy(() -> one.call("a", "x", () -> {
                    Lease.current("a").onLost(() -> reactions.add("lost"));
                    clock.advance(LEASE.plusMillis(100));
                    return "result";
                }))
                .isInstanceOfSatisfying(LeaseLostException.class, lost -> {
                    assertThat(lost.reason()).isEqualTo(LeaseLoss.EXPIRED);
                    assertThat(lost.phase()).isEqualTo(LeaseLostException.Phase.NO_TRANSACTION);
                });
        assertThat(reactions).containsExactly("lost");
        assertThat(events.stream().filter(LockEvent.Lost.class::isInstance)).hasSize(1);
    }

    @Test
    final void errorOfTheBodyWinsOverTheLoss() {
        Locks one = process(lock().renew(LeaseRenewal.NEVER).build());
        IllegalStateException business = new IllegalStateException("business");
        assertThatThrownBy(() -> one.call("a", "x", () -> {
                    clock.advance(LEASE.plusMillis(100));
                    throw business;
                }))
                .isSameAs(business);
        assertThat(business.getSuppressed())
                .hasOnlyElementsOfType(LeaseLostException.class)
                .hasSize(1);
    }

    /** The dogpile of aiocache's tests, whose locks let the next ones in once the lease of the first was over. */
    @Test
    final void whoWaitsForAComputationFindsItsResultThoughItTookLongerThanTheLease() {
        List<Locks> fleet = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            fleet.add(process(lock().wait(LockSettings.FOREVER).build()));
        }
        Map<String, String> cache = new ConcurrentHashMap<>();
        AtomicInteger computed = new AtomicInteger();
        CompletableFuture<List<String>> all = start(() -> together(4, number -> {
            try (Lease lease = fleet.get(number).acquire("a", "x")) {
                String known = cache.get("x");
                if (known == null) {
                    outlast(lease);
                    known = "result " + computed.incrementAndGet();
                    cache.put("x", known);
                }
                return known;
            }
        }));
        while (cache.isEmpty() && !all.isDone()) {
            Thread.onSpinWait();
        }
        assertThat(drive(all, Duration.ofMillis(10), Duration.ofSeconds(10)))
                .containsExactly("result 1", "result 1", "result 1", "result 1");
    }

    private void outlast(Lease lease) {
        for (int i = 0; i < 45; i++) {
            clock.advance(LEASE.dividedBy(30));
            awaitRenewal(lease);
        }
    }

    @Test
    final void longestHoldEndsTheLease() {
        Locks one = process(lock().maxHold(Duration.ofSeconds(5)).build());
        Lease lease = one.acquire("a", "x");
        for (int i = 0; i < 49; i++) {
            clock.advance(Duration.ofMillis(100));
            awaitRenewal(lease);
        }
        assertThat(lease.isHeld()).isTrue();
        clock.advance(Duration.ofMillis(400));
        assertThat(lease.isHeld()).isFalse();
        assertThat(events.stream()
                        .filter(event -> event instanceof LockEvent.Lost lost && lost.reason() == LeaseLoss.MAX_HOLD))
                .hasSize(1);
        lease.close();
    }

    @Test
    final void lockThatTheStoreHasLostIsLost() {
        Locks one = process();
        Lease lease = one.acquire("a", "x");
        assertThat(lease.verify()).isTrue();
        store().keys().clear(KeyRange.of(KeySpace.of(prefix, "lock", "a")));
        assertThat(lease.verify()).isFalse();
        assertThat(events.stream()
                        .filter(event -> event instanceof LockEvent.Lost lost && lost.reason() == LeaseLoss.STORE_LOST))
                .hasSize(1);
        lease.close();
    }

    @Test
    final void lockThatIsTakenAwayIsTheNextOnesAndItsHolderLearnsOfIt() {
        Locks one = process();
        Locks two = process();
        Lease lease = one.acquire("a", "x");
        CompletableFuture<Lease> waiting = two.acquireAsync("a", "x");
        sleeperWaits(waiting);
        assertThat(two.forceRelease("a", "other")).isFalse();
        assertThat(two.forceRelease("a", "x")).isTrue();
        Lease next = drive(waiting, Duration.ofMillis(10), Duration.ofSeconds(2));
        assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
        assertThat(lease.verify()).isFalse();
        lease.close();
        assertThat(next.verify()).isTrue();
        // The holder in this process knows at once.
        assertThat(two.forceRelease("a", "x")).isTrue();
        assertThat(next.isHeld()).isFalse();
        next.close();
        assertThat(events.stream()
                        .filter(event -> event instanceof LockEvent.Lost lost && lost.reason() == LeaseLoss.STOLEN))
                .hasSize(2);
        free(one, "x").close();
    }

    @Test
    final void leastHoldOutlastsTheBody() throws Exception {
        Locks one = process(lock().atLeast(Duration.ofSeconds(60))
                .maxHold(Duration.ofHours(1))
                .build());
        Locks two = process();
        assertThat(one.call("a", "x", () -> "done")).isEqualTo("done");
        clock.advance(Duration.ofSeconds(60).minusNanos(1_000));
        assertThat(two.tryAcquire("a", "x")).isNull();
        clock.advanceMicros(1);
        Lease next = free(two, "x");
        next.close();
    }

    // Re-entry

    @Test
    final void holderEntersAgainWithTheSameToken() throws Exception {
        Locks locks = process();
        locks.call("a", "x", () -> {
            long token = Lease.current("a").fencingToken();
            try (Lease again = locks.acquire("a", "x")) {
                assertThat(again.fencingToken()).isEqualTo(token);
            }
            locks.call("a", "x", () -> {
                Lease.assertHeld("a");
                return null;
            });
            assertThat(Lease.current("a").isHeld()).isTrue();
            assertThat(start(() -> locks.tryAcquire("a", "x") == null).join()).isTrue();
            return null;
        });
        assertThat(count(LockOutcome.REENTERED)).isEqualTo(2);
        assertThatThrownBy(() -> Lease.assertHeld("a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    final void lockThatIsNotReentrantSaysSo() throws Exception {
        Locks locks = process(lock().reentrant(false).build());
        locks.call("a", "x", () -> {
            assertThatThrownBy(() -> locks.acquire("a", "x"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'a'");
            return null;
        });
    }

    // Several locks

    @Test
    final void eachElementIsLockedOrNoneIs() {
        Locks locks = process(lock().each(true).build());
        Locks single = process();
        Lease held = single.acquire("a", "2");
        LockPolicy once = locks.policies()
                .policy("a", lock().each(true).wait(Duration.ZERO).build());
        assertThatThrownBy(() -> locks.acquire(once, "1", "2", "3")).isInstanceOf(LockNotAcquiredException.class);
        for (String free : List.of("1", "3")) {
            free(single, free).close();
        }
        CompletableFuture<Lease> waiting = start(() -> locks.acquire("a", "3", "1", "2", "1"));
        held.close();
        Lease all = drive(waiting, Duration.ofMillis(20), Duration.ofSeconds(2));
        assertThat(all.fencingTokens()).hasSize(3);
        assertThat(single.tryAcquire("a", "3")).isNull();
        all.close();
        single.acquire("a", "3").close();
    }

    // Contention

    @Test
    final void skippedBodyDoesNotRun() throws Exception {
        Locks one =
                process(LockSettings.builder().onContention(OnContention.SKIP).build());
        Locks two =
                process(LockSettings.builder().onContention(OnContention.SKIP).build());
        try (Lease lease = one.acquire("a", "x")) {
            assertThat(two.callIfFree("a", "x", () -> "ran")).isEmpty();
            assertThat(lease.isHeld()).isTrue();
        }
        assertThat(two.callIfFree("a", "x", () -> "ran")).contains("ran");
        assertThat(count(LockOutcome.SKIPPED)).isEqualTo(1);
    }

    @Test
    final void jobRunsOnOneOfFourNodesAtEachTickThoughTheirClocksDiffer() throws Exception {
        Duration tick = Duration.ofSeconds(60);
        Duration skew = Duration.ofMillis(700);
        List<Locks> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(process(LockSettings.builder()
                    .onContention(OnContention.SKIP)
                    .atLeast(skew.multipliedBy(4))
                    .build()));
        }
        List<Integer> runs = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            int number = round;
            for (int i = 0; i < 4; i++) {
                nodes.get((i + round) % 4).callIfFree("a", "job", () -> runs.add(number));
                clock.advance(skew);
            }
            clock.advance(tick.minus(skew.multipliedBy(4)));
        }
        assertThat(runs).hasSize(20).doesNotHaveDuplicates();
        assertThat(count(LockOutcome.SKIPPED)).isEqualTo(60);
    }

    @Test
    final void shadowLockLetsEverybodyIn() throws Exception {
        Locks one = process(lock().mode(GuardMode.SHADOW).build());
        Locks two = process(lock().mode(GuardMode.SHADOW).build());
        one.call("a", "x", () -> two.call("a", "x", () -> "both"));
        assertThat(count(LockOutcome.SHADOW)).isEqualTo(2);
        Locks off = process(lock().mode(GuardMode.OFF).build());
        assertThat(off.call("a", "x", () -> off.holding())).isZero();
    }

    @Test
    final void oneOfAllComputesAndTheOthersGetItsResult() {
        List<Locks> fleet = List.of(process(), process(), process());
        AtomicInteger computed = new AtomicInteger();
        CompletableFuture<List<String>> all = start(() -> together(THREADS, number -> {
            try {
                return fleet.get(number % 3).singleFlight("a", "x", String.class, () -> {
                    computed.incrementAndGet();
                    awaitOthers(fleet);
                    return "price";
                });
            } catch (Exception error) {
                throw new AssertionError(error);
            }
        }));
        assertThat(drive(all, Duration.ofMillis(1), Duration.ofSeconds(1)))
                .hasSize(THREADS)
                .containsOnly("price");
        assertThat(computed).hasValue(1);
        assertThat(count(LockOutcome.SHARED)).isEqualTo(THREADS - 1);
    }

    /** Until the others have come; those of other processes are in the store's line then. */
    private static void awaitOthers(List<Locks> fleet) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (fleet.stream().mapToInt(Locks::waiting).sum() < 2 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    final void resultServesThoseWhoComeSoonAfterAndNobodyLater() throws Exception {
        Locks one = process(lock().share(Duration.ofSeconds(1)).build());
        Locks two = process(lock().share(Duration.ofSeconds(1)).build());
        AtomicInteger computed = new AtomicInteger();
        Callable<String> body = () -> "result " + computed.incrementAndGet();
        assertThat(one.singleFlight("a", "x", String.class, body)).isEqualTo("result 1");
        clock.advance(Duration.ofMillis(999));
        assertThat(two.singleFlight("a", "x", String.class, body)).isEqualTo("result 1");
        clock.advance(Duration.ofMillis(2));
        assertThat(two.singleFlight("a", "x", String.class, body)).isEqualTo("result 2");
    }

    @Test
    final void leaderThatFailsIsFollowedByAnother() {
        Locks one = process();
        AtomicInteger computed = new AtomicInteger();
        CompletableFuture<String> leader = new CompletableFuture<>();
        CompletableFuture<String> first = one.singleFlightAsync("a", "x", String.class, () -> {
            computed.incrementAndGet();
            return leader;
        });
        CompletableFuture<String> second = start(() -> one.singleFlight("a", "x", String.class, () -> {
            computed.incrementAndGet();
            return "second";
        }));
        sleeperWaits(second);
        leader.completeExceptionally(new IllegalStateException("leader"));
        assertThatThrownBy(() -> get(first))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("leader");
        assertThat(drive(second, Duration.ofMillis(10), Duration.ofSeconds(1))).isEqualTo("second");
        assertThat(computed).hasValue(2);
    }

    @Test
    final void leaderThatHangsAfterItsLockIsLostIsFollowedByAnother() {
        Locks locks = process(
                lock().renew(LeaseRenewal.NEVER).wait(LockSettings.FOREVER).build());
        CompletableFuture<String> hung = new CompletableFuture<>();
        CompletableFuture<String> first = locks.singleFlightAsync("a", "x", String.class, () -> hung);
        CompletableFuture<String> second = start(() -> locks.singleFlight("a", "x", String.class, () -> "second"));
        sleeperWaits(second);
        assertThat(drive(second, Duration.ofMillis(20), SPAN.plusMillis(200))).isEqualTo("second");
        hung.complete("first");
        assertThatThrownBy(() -> get(first)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    final void waitThatIsOverComputesOnlyWhereThatIsAskedFor() {
        Locks one = process();
        Lease held = one.acquire("a", "x");
        Locks failing = process();
        Locks computing = process(lock().waitOver(WaitOver.COMPUTE).build());
        CompletableFuture<String> refused = start(() -> failing.singleFlight("a", "x", String.class, () -> "computed"));
        assertThatThrownBy(() -> drive(refused, Duration.ofMillis(20), Duration.ofSeconds(4)))
                .isInstanceOf(LockNotAcquiredException.class);
        CompletableFuture<String> computed =
                start(() -> computing.singleFlight("a", "x", String.class, () -> "computed"));
        assertThat(drive(computed, Duration.ofMillis(20), Duration.ofSeconds(4)))
                .isEqualTo("computed");
        held.close();
    }

    // Results that come later

    @Test
    final void stageIsHeldUntilItCompletes() {
        Locks one = process();
        Locks two = process();
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        CompletableFuture<String> result = one.callAsync("a", "x", () -> {
            begun.complete(true);
            return work;
        });
        assertThat(get(begun)).isTrue();
        assertThat(two.tryAcquire("a", "x")).isNull();
        work.complete("done");
        assertThat(get(result)).isEqualTo("done");
        Lease next = free(two, "x");
        next.close();
    }

    @Test
    final void stageThatFailsGivesTheLockBack() {
        Locks one = process();
        CompletableFuture<String> result =
                one.callAsync("a", "x", () -> CompletableFuture.failedFuture(new IllegalStateException("business")));
        assertThatThrownBy(() -> get(result))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("business");
        one.acquire("a", "x").close();
    }

    // Many cycles

    @Test
    final void manyMixedCyclesLeaveNothingBehind() {
        Locks one = process(lock().wait(LockSettings.FOREVER).build());
        Locks two = process(lock().wait(LockSettings.FOREVER).build());
        int cycles = cycles() / THREADS;
        CompletableFuture<?> all = start(() -> together(THREADS, number -> {
            Locks locks = number % 2 == 0 ? one : two;
            for (int i = 0; i < cycles; i++) {
                cycle(locks, number, i);
            }
            return number;
        }));
        long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!all.isDone() && System.nanoTime() < end) {
            clock.advance(Duration.ofMillis(5));
            settle(all);
        }
        get(all);
        assertThat(one.holding() + two.holding()).isZero();
        clock.advance(Duration.ofSeconds(2));
        assertThat(sleeper.waiting()).isZero();
    }

    /** How many cycles {@link #manyMixedCyclesLeaveNothingBehind} takes; fewer suit a store that is slow. */
    protected int cycles() {
        return 20_000;
    }

    private static void cycle(Locks locks, int number, int i) {
        String key = "k" + (number * 7 + i) % 5;
        try {
            switch (i % 4) {
                case 0 -> locks.call("a", key, () -> locks.call("a", key, () -> "nested"));
                case 1 -> locks.callIfFree("a", key, () -> "free");
                case 2 -> locks.acquire("a", key).close();
                default ->
                    locks.call("a", key, () -> {
                        throw new IllegalStateException("failing");
                    });
            }
        } catch (IllegalStateException failing) {
            assertThat(failing).hasMessage("failing");
        } catch (Exception trouble) {
            throw new AssertionError(trouble);
        }
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
