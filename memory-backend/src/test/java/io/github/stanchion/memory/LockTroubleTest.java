package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.OnLost;
import io.github.stanchion.guard.CallScope;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.lock.CommitVeto;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LeaseLoss;
import io.github.stanchion.lock.LeaseLostException;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockRefusal;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.lock.Transactions;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What locks do when the store fails, a lease is lost under a running body, or a transaction is already there. */
@Timeout(60)
class LockTroubleTest {

    private static final Duration LEASE = Duration.ofSeconds(3);

    private final VirtualClock clock = new VirtualClock();
    private final VirtualClock serverClock = new VirtualClock();
    private final VirtualSleeper sleeper = new VirtualSleeper(clock);
    private final MemoryStore memory = MemoryStore.builder().clock(clock).build();
    private final MemoryStore own = MemoryStore.builder().clock(clock).build();
    private final FaultyStore store = new FaultyStore(memory, sleeper);
    private final ConcurrentLinkedQueue<LockEvent> events = new ConcurrentLinkedQueue<>();
    private final TestTransactions transactions = new TestTransactions();
    private final List<Locks> all = new ArrayList<>();

    private static LockSettings.Builder lock() {
        return LockSettings.builder().lease(LEASE).wait(Duration.ofSeconds(2));
    }

    private Locks locks(LockSettings.Builder settings) {
        return locks(settings, Runnable::run);
    }

    private Locks locks(LockSettings.Builder settings, Executor background) {
        return locks(settings, background, store);
    }

    private Locks locks(LockSettings.Builder settings, AtomicStore decides) {
        return locks(settings, Runnable::run, decides);
    }

    private Locks locks(LockSettings.Builder settings, Executor background, AtomicStore decides) {
        Locks locks = Locks.builder(LockPolicies.of(Map.of("a", settings.build())), decides)
                .localStore(own)
                .sleeper(sleeper)
                .drivenBy(() -> TimeUnit.MICROSECONDS.toNanos(clock.micros()))
                .listeners(new GuardListeners(List.of(event -> events.add((LockEvent) event))))
                .transactions(transactions)
                .background(background)
                .build();
        all.add(locks);
        return locks;
    }

    @AfterEach
    void nothingIsLeft() {
        store.heal();
        for (Locks locks : all) {
            assertThat(locks.holding()).isZero();
            assertThat(locks.waiting()).isZero();
            locks.close();
        }
        assertThat(CallScope.current()).isSameAs(CallScope.EMPTY);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private <T extends LockEvent> List<T> heard(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    // The store fails

    @Test
    void storeThatIsAwayFailsTheCallUnlessThePolicyAnswers() throws Exception {
        store.failNext(100);
        assertThatThrownBy(() -> locks(lock()).acquire("a", "x"))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("lock 'a'");
        Locks closed = locks(lock().onStoreFailure(FailurePolicy.CLOSED));
        assertThatThrownBy(() -> closed.acquire("a", "x"))
                .isInstanceOfSatisfying(LockNotAcquiredException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(LockRefusal.STORE));
        Locks skipping = locks(lock().onStoreFailure(FailurePolicy.CLOSED).onContention(OnContention.SKIP));
        assertThat(skipping.callIfFree("a", "x", () -> "ran")).isEmpty();
        Locks open = locks(lock().onStoreFailure(FailurePolicy.OPEN).allowUnlocked(true));
        assertThat(open.call("a", "x", () -> "ran")).isEqualTo("ran");
        assertThat(heard(LockEvent.Degraded.class)).hasSize(4);
    }

    @Test
    void localLockExcludesInThisProcessWhileTheStoreIsAway() throws Exception {
        Locks locks = locks(lock().onStoreFailure(FailurePolicy.LOCAL));
        store.failNext(100);
        locks.call("a", "x", () -> {
            assertThat(CompletableFuture.supplyAsync(() -> locks.tryAcquire("a", "x") == null)
                            .join())
                    .isTrue();
            return null;
        });
        assertThat(locks.isDegraded("a")).isTrue();
        store.heal();
        locks.acquire("a", "x").close();
        assertThat(locks.isDegraded("a")).isFalse();
        assertThat(heard(LockEvent.Recovered.class)).hasSize(1);
    }

    @Test
    void aForgottenOutageIsNewsAgain() {
        Locks locks = locks(lock().onStoreFailure(FailurePolicy.LOCAL));
        store.failNext(2);
        locks.acquire("a", "x").close();
        assertThat(locks.isDegraded("a")).isTrue();

        locks.forgetOutages();

        assertThat(locks.isDegraded("a")).isFalse();
        store.heal();
        store.failNext(2);
        locks.acquire("a", "x").close();
        assertThat(heard(LockEvent.Degraded.class)).hasSize(2);
        assertThat(heard(LockEvent.Recovered.class)).isEmpty();
    }

    @Test
    void grantWhoseReplyIsLostIsFoundByAskingAgain() {
        Locks locks = locks(lock());
        store.dropReplyNext(2);
        CompletableFuture<Lease> taking = locks.acquireAsync("a", "x");
        clock.advance(Duration.ofMillis(49));
        assertThat(taking).isNotDone();
        clock.advance(Duration.ofMillis(101));
        Lease lease = taking.join();
        assertThat(lease.isHeld()).isTrue();
        assertThat(store.calls()).isEqualTo(3);
        lease.close();
    }

    @Test
    void grantThatComesTooLateGoesBackAndIsAskedForAnew() {
        for (boolean each : List.of(false, true)) {
            Locks locks = locks(lock().wait(Duration.ofSeconds(10)).each(each));
            long before = store.calls();
            store.delayNext(1, LEASE);
            CompletableFuture<Lease> taking = locks.acquireAsync("a", "x");
            clock.advance(LEASE.minusMillis(1));
            assertThat(taking).isNotDone();
            clock.advance(Duration.ofMillis(600));
            Lease lease = taking.join();
            assertThat(lease.isHeld()).isTrue();
            assertThat(store.calls() - before).isEqualTo(3);
            lease.close();
        }
    }

    @Test
    void lateGrantThatIsWantedNoMoreGoesBack() {
        Locks locks = locks(lock());
        store.delayNext(1, LEASE);
        CompletableFuture<Lease> taking = locks.acquireAsync("a", "x");
        clock.advance(LEASE);
        assertThat(taking).isCompletedExceptionally();
        assertThat(locks.tryAcquire("a", "x")).isNotNull().satisfies(Lease::close);
    }

    @Test
    void oneTryThatGetsNoReplyIsNotSentAgainAndWhatItMayHaveTakenIsGivenBack() {
        Locks locks = locks(lock());
        store.dropReplyNext(1);
        assertThatThrownBy(() -> locks.tryAcquire("a", "x")).isInstanceOf(StoreUnavailableException.class);
        assertThat(store.calls()).isEqualTo(2);
        Lease next = locks.tryAcquire("a", "x");
        assertThat(next).isNotNull();
        next.close();
    }

    @Test
    void resultIsNotReplacedWhenTheLockCannotBeGivenBackAndThatIsMadeUpFor() throws Exception {
        Locks locks = locks(lock());
        assertThat(locks.call("a", "x", () -> {
                    store.failNext(3);
                    return "result";
                }))
                .isEqualTo("result");
        clock.advance(Duration.ofMillis(700));
        assertThat(locks.tryAcquire("a", "x")).isNotNull().satisfies(Lease::close);
    }

    @Test
    void leaseOutlivesAStoreThatIsAwayOneSecondOfThree() {
        Locks locks = locks(lock());
        Lease lease = locks.acquireAsync("a", "x").join();
        for (int second = 0; second < 120; second++) {
            for (int i = 0; i < 40; i++) {
                if (second % 3 == 0) {
                    store.heal();
                    store.failNext(10);
                } else {
                    store.heal();
                }
                clock.advance(Duration.ofMillis(25));
            }
        }
        store.heal();
        assertThat(lease.isHeld()).isTrue();
        assertThat(heard(LockEvent.Lost.class)).isEmpty();
        lease.close();
    }

    @Test
    void leaseIsDoubtedThenLostWhenTheStoreStaysAway() {
        Locks locks = locks(lock());
        Lease lease = locks.acquireAsync("a", "x").join();
        store.failNext(10_000);
        clock.advance(Duration.ofMillis(2_300));
        assertThat(lease.isHeld()).isTrue();
        assertThat(heard(LockEvent.Suspect.class)).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(lease.isHeld()).isFalse();
        assertThat(heard(LockEvent.Lost.class)).singleElement().matches(lost -> lost.reason() == LeaseLoss.EXPIRED);
        assertThat(heard(LockEvent.Suspect.class)).hasSize(2);
        lease.close();
        assertThat(lease.isHeld()).isFalse();
    }

    // A caller goes away

    @Test
    void lockThatIsGrantedToNobodyAnyMoreGoesBack() {
        Locks locks = locks(lock());
        List<Supplier<CompletableFuture<?>>> calls = List.of(
                () -> locks.acquireAsync("a", "x"),
                () -> locks.tryAcquireAsync("a", "x"),
                () -> locks.callAsync("a", "x", () -> {
                    throw new AssertionError("nobody waits for this body");
                }),
                () -> locks.singleFlightAsync("a", "x", String.class, () -> {
                    throw new AssertionError("nobody waits for this body");
                }));
        for (Supplier<CompletableFuture<?>> call : calls) {
            store.delayNext(1, Duration.ofMillis(20));
            CompletableFuture<?> gone = call.get();
            assertThat(gone.cancel(true)).isTrue();
            assertThat(locks.holding()).isZero();
            clock.advance(Duration.ofMillis(30));
            assertThat(locks.holding()).isZero();
            locks.acquire("a", "x").close();
        }
    }

    @Test
    void leaseThatWasEnteredAgainIsReleasedByItsLastClose() {
        Locks locks = locks(lock());
        Lease outer = locks.acquire("a", "x");
        assertThat(locks.acquireAsync("a", "x").join()).isSameAs(outer);
        outer.close();
        assertThat(outer.isHeld()).isTrue();
        assertThat(outer.releaseAsync()).isCompletedWithValue(true);
        assertThat(locks.holding()).isZero();
        assertThat(outer.releaseAsync()).isCompletedWithValue(true);
    }

    @Test
    void releaseTellsWhetherTheLockWasHeldUntilThen() {
        Locks locks = locks(lock().renew(LeaseRenewal.NEVER));
        Lease lease = locks.acquire("a", "x");
        clock.advance(LEASE.plusMillis(1));
        assertThat(lease.releaseAsync()).isCompletedWithValue(false);
    }

    // A lease is lost

    @Test
    void lostLeaseThatAnotherThreadClosesVetoesNoMoreCommitsWhereItWasTaken() {
        Locks locks = locks(lock());
        Lease lost = locks.acquire("a", "x");
        assertThat(locks.forceRelease("a", "x")).isTrue();
        assertThatThrownBy(CommitVeto::beforeCommit).isInstanceOf(LeaseLostException.class);
        CompletableFuture.runAsync(lost::close).join();
        CommitVeto.beforeCommit();
        Lease next = locks.acquire("a", "y");
        next.close();
    }

    @Test
    void whatIsNotOursRunsApartFromLeasesAndStores() {
        List<Runnable> later = new ArrayList<>();
        Locks locks = locks(lock().maxHold(Duration.ofSeconds(2)).onLost(OnLost.INTERRUPT), later::add);
        List<String> reactions = new ArrayList<>();
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> result = locks.callAsync("a", "x", () -> {
            Lease.current("a").onLost(() -> reactions.add("lost"));
            return work;
        });
        clock.advance(Duration.ofMillis(2_300));
        assertThat(work).isNotDone();
        assertThat(reactions).isEmpty();
        later.forEach(Runnable::run);
        assertThat(work).isCancelled();
        assertThat(reactions).containsExactly("lost");
        assertThat(result).isCompletedExceptionally();
    }

    @Test
    void bodyIsInterruptedOnceAndNothingIsLeftOnItsThread() {
        Locks locks = locks(lock().maxHold(Duration.ofSeconds(2))
                .lease(Duration.ofSeconds(1))
                .onLost(OnLost.INTERRUPT));
        List<Boolean> interrupted = new ArrayList<>();
        assertThatThrownBy(() -> locks.call("a", "x", () -> {
                    clock.advance(Duration.ofMillis(2_100));
                    interrupted.add(Thread.interrupted());
                    clock.advance(Duration.ofMillis(2_100));
                    interrupted.add(Thread.interrupted());
                    Thread.currentThread().interrupt();
                    return "result";
                }))
                .isInstanceOfSatisfying(LeaseLostException.class, lost -> assertThat(lost.reason())
                        .isEqualTo(LeaseLoss.MAX_HOLD));
        assertThat(interrupted).containsExactly(true, false);
    }

    @Test
    void stageIsCancelledWhenItsLockIsLost() {
        Locks locks = locks(lock().maxHold(Duration.ofSeconds(2)).onLost(OnLost.INTERRUPT));
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> result = locks.callAsync("a", "x", () -> work);
        clock.advance(Duration.ofMillis(2_300));
        assertThat(work).isCancelled();
        assertThat(result).isCompletedExceptionally();
    }

    @Test
    void lossIsOnlyToldWhereThatIsAllThatIsAskedFor() throws Exception {
        Locks locks = locks(lock().maxHold(Duration.ofSeconds(2)).onLost(OnLost.WARN));
        assertThat(locks.call("a", "x", () -> {
                    clock.advance(Duration.ofMillis(2_300));
                    return "result";
                }))
                .isEqualTo("result");
        assertThat(heard(LockEvent.Lost.class)).hasSize(1);
    }

    // The store's clock is no holder's

    @Test
    void serverClockThatJumpsAheadGivesTheLockAwayWithAGreaterTokenAndItsHolderLearnsOfIt() {
        try (MemoryStore server = MemoryStore.builder().clock(serverClock).build()) {
            Locks one = locks(lock(), server);
            Locks two = locks(lock(), server);
            Lease lease = one.acquire("a", "x");
            serverClock.advance(Duration.ofSeconds(60));
            Lease next = two.tryAcquire("a", "x");
            assertThat(next).isNotNull();
            assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
            clock.advance(LEASE.dividedBy(2));
            assertThat(lease.isHeld()).isFalse();
            assertThat(heard(LockEvent.Lost.class)).singleElement().matches(lost -> lost.reason() == LeaseLoss.STOLEN);
            assertThat(next.isHeld()).isTrue();
            lease.close();
            next.close();
        }
    }

    @Test
    void serverClockThatJumpsBackLocksNobodyOutForLongerThanALease() {
        serverClock.advance(Duration.ofMinutes(2));
        try (MemoryStore server = MemoryStore.builder().clock(serverClock).build()) {
            Locks one = locks(lock().renew(LeaseRenewal.NEVER), server);
            Locks two = locks(lock(), server);
            Lease lease = one.acquire("a", "x");
            serverClock.stepBack(Duration.ofSeconds(60));
            assertThat(two.tryAcquire("a", "x")).isNull();
            serverClock.advance(LEASE.plusMillis(300));
            Lease next = two.tryAcquire("a", "x");
            assertThat(next).isNotNull();
            assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
            lease.close();
            assertThat(next.verify()).isTrue();
            next.close();
        }
    }

    // A transaction is there

    @Test
    void lockStaysUntilTheTransactionThatWasThereIsOver() throws Exception {
        Locks locks = locks(lock());
        transactions.begin(false);
        assertThat(locks.call("a", "x", () -> "first")).isEqualTo("first");
        assertThat(locks.holding()).isEqualTo(1);
        assertThat(CompletableFuture.supplyAsync(() -> locks.tryAcquire("a", "x") == null)
                        .join())
                .isTrue();
        assertThat(locks.call("a", "x", () -> "again")).isEqualTo("again");
        transactions.complete();
        assertThat(locks.holding()).isZero();
        locks.acquire("a", "x").close();
    }

    @Test
    void lockIsFreeAtReturnWhereTransactionsAreIgnored() throws Exception {
        Locks locks = locks(lock().tx(LockTransactions.IGNORE));
        transactions.begin(true);
        assertThat(locks.call("a", "x", () -> "done")).isEqualTo("done");
        assertThat(locks.holding()).isZero();
        transactions.complete();
    }

    @Test
    void snapshotOlderThanTheLockAndForbiddenTransactionsAreRefused() {
        transactions.begin(true);
        assertThatThrownBy(() -> locks(lock()).acquire("a", "x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("snapshot");
        transactions.complete();
        transactions.begin(false);
        assertThatThrownBy(() -> locks(lock().tx(LockTransactions.FORBID)).acquire("a", "x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("forbids");
        transactions.complete();
        assertThat(store.calls()).isZero();
    }

    /** One transaction at a time, on the test's own thread. */
    private static final class TestTransactions implements Transactions {

        private final Thread owner = Thread.currentThread();
        private @Nullable TestTransaction begun;

        void begin(boolean snapshot) {
            begun = new TestTransaction(snapshot, new ArrayList<>());
        }

        void complete() {
            TestTransaction over = begun;
            begun = null;
            if (over != null) {
                over.actions.forEach(Runnable::run);
            }
        }

        @Override
        public @Nullable Active current() {
            return Thread.currentThread() == owner ? begun : null;
        }

        private record TestTransaction(boolean isSnapshot, List<Runnable> actions) implements Active {

            @Override
            public void afterCompletion(Runnable action) {
                actions.add(action);
            }
        }
    }
}
