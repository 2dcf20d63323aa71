package io.github.stanchion.lock;

import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.OnLost;
import io.github.stanchion.guard.CallScope;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.GuardSession;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.Outcome;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.lock.LeaseLostException.Phase;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One call's way into its locks and out of them. */
sealed class LockSession implements GuardSession, LockTaker.Taking permits FlightSession {

    private final LockEnvironment environment;
    private final LockPolicy policy;
    private final List<StoreKey> keys;
    private final LockWait wait;
    private @Nullable LockTaker taker;
    private @Nullable Lease lease;
    private @Nullable Lease reentered;
    private Transactions.@Nullable Active transaction;
    private boolean local;
    private boolean lostBefore;
    private @Nullable Outcome outcome;

    /** @param keys distinct, in the order that all callers use; none: nothing is locked */
    LockSession(LockEnvironment environment, LockPolicy policy, List<StoreKey> keys) {
        this.environment = environment;
        this.policy = policy;
        this.keys = keys;
        this.wait = new LockWait(environment.clock(), policy.waitMicros());
    }

    final LockEnvironment environment() {
        return environment;
    }

    final LockPolicy policy() {
        return policy;
    }

    final StoreKey key() {
        return keys.get(0);
    }

    final LockWait waiting() {
        return wait;
    }

    /** Whoever decides now: the store, or this process alone while that is away. */
    final AtomicStore store() {
        return local ? environment.local() : environment.store();
    }

    final LockTaker taker() {
        return Objects.requireNonNull(taker);
    }

    /** What is held; null if the call is let through without. */
    final @Nullable Lease lease() {
        return lease;
    }

    /** What the call holds already further out, null if it does not. */
    final @Nullable Lease reentered() {
        return reentered;
    }

    // In

    @Override
    public Move begin() {
        if (policy.mode() == GuardMode.OFF || keys.isEmpty()) {
            return Move.admit();
        }
        Lease held = CallScope.current()
                .find(Lease.class, candidate -> !candidate.isOver() && candidate.covers(environment, keys));
        return held == null ? enter() : reenter(held);
    }

    private Move reenter(Lease held) {
        if (!policy.isReentrant()) {
            throw new IllegalStateException(
                    "Lock '" + policy.name()
                            + "' is entered by a call that holds it already, and is not reentrant; set reentrant, or lock once");
        }
        if (!held.isHeld()) {
            return new Move.Fail(held.lostException(held.phaseNow()));
        }
        held.atLeast(policy.leaseMicros());
        reentered = held;
        decided(LockOutcome.REENTERED);
        return Move.admit();
    }

    private Move enter() {
        if (policy.tx() != LockTransactions.IGNORE) {
            Transactions.Active active = environment.transactions().current();
            if (active != null) {
                requireFit(active);
            }
            transaction = active;
        }
        return take();
    }

    private void requireFit(Transactions.Active active) {
        if (policy.tx() == LockTransactions.FORBID) {
            throw new IllegalStateException("Lock '" + policy.name()
                    + "' is entered in a transaction, which its policy forbids; take the lock first");
        }
        if (active.isSnapshot()) {
            throw new IllegalStateException(
                    "Lock '" + policy.name() + "' is entered in a transaction whose snapshot may be"
                            + " older than the lock; take the lock first, or use READ_COMMITTED");
        }
    }

    /** Begins to take the locks. */
    Move take() {
        LockTaker taking = keys.size() == 1
                ? new LineTaker(environment, policy, store(), keys.get(0), wait, this)
                : new JointTaker(environment, policy, store(), keys, wait, this);
        taker = taking;
        return taking.begin();
    }

    @Override
    public Move answered(Object answer) {
        return taker().answered(answer);
    }

    @Override
    public Move failed(StoreException trouble) {
        return taker().failed(trouble);
    }

    @Override
    public Move paused() {
        return taker().paused();
    }

    @Override
    public Move abandoned() {
        return taker().abandoned();
    }

    @Override
    public Move taken(List<Hold> holds) {
        Lease made = new Lease(environment, policy, holds, this::lost);
        lease = made;
        holds.forEach(environment.keeper()::keep);
        if (!local) {
            environment.outages().over(policy.name());
        }
        return held();
    }

    /** The locks are lost while the body goes on. On any thread. */
    void lost() {
        taker().lost();
    }

    /** The locks are held. */
    Move held() {
        decided(policy.isShadow() ? LockOutcome.SHADOW : LockOutcome.ACQUIRED);
        return Move.admit();
    }

    @Override
    public Move refused(LockRefusal reason, @Nullable StoreException trouble) {
        if (policy.isShadow()) {
            decided(LockOutcome.SHADOW);
            return Move.admit();
        }
        boolean skips = policy.onContention() == OnContention.SKIP && reason != LockRefusal.INTERRUPTED;
        decided(skips ? LockOutcome.SKIPPED : LockOutcome.REFUSED);
        return new Move.Reject(new LockNotAcquiredException(policy.name(), waited(), reason, retryAfter(), trouble));
    }

    /** What is left of a renewed lease says nothing about when it ends. */
    private Duration retryAfter() {
        if (policy.renews()) {
            return Duration.ofSeconds(1);
        }
        long heldForMicros = taker == null ? 0 : taker.heldForMicros();
        return heldForMicros == 0 ? policy.lease() : Duration.ofNanos(heldForMicros * 1_000);
    }

    @Override
    public Move storeFailed(StoreException trouble) {
        if (policy.isShadow()) {
            decided(LockOutcome.SHADOW);
            return Move.admit();
        }
        FailurePolicy answer = policy.onStoreFailure();
        environment.outages().begun(policy.name(), answer, trouble);
        if (answer == FailurePolicy.OPEN) {
            decided(LockOutcome.UNLOCKED);
            return Move.admit();
        }
        if (answer == FailurePolicy.CLOSED) {
            return refused(LockRefusal.STORE, trouble);
        }
        if (answer == FailurePolicy.LOCAL && !local && environment.local() != environment.store()) {
            local = true;
            return take();
        }
        decided(LockOutcome.STORE_FAILED);
        StoreUnavailableException outage = new StoreUnavailableException(LockGuard.KIND, policy.name(), trouble);
        return policy.answersOutage() ? new Move.Reject(outage) : new Move.Fail(outage);
    }

    final Duration waited() {
        return Duration.ofNanos(wait.waitedMicros() * 1_000);
    }

    final void decided(LockOutcome what) {
        GuardListeners listeners = environment.listeners();
        boolean rejects = what == LockOutcome.REFUSED || what == LockOutcome.STORE_FAILED;
        if (!listeners.isEmpty() || rejects && listeners.hearRejections()) {
            listeners.tell(new LockEvent.Decided(policy.name(), what, waited()));
        }
    }

    // Meanwhile

    @Override
    public boolean watchesOutcome() {
        return lease != null;
    }

    @Override
    public CallScope scope(CallScope outer) {
        return lease == null ? outer : outer.with(lease);
    }

    @Override
    public void stoppableBy(Runnable stop) {
        if (lease != null) {
            lease.stoppableBy(stop);
        }
    }

    // Out

    @Override
    public Move left(Outcome end) {
        outcome = end;
        Lease held = Objects.requireNonNull(lease);
        Transactions.Active outer = transaction;
        if (outer == null || end instanceof Outcome.NotRun) {
            return release();
        }
        // Until the transaction is over the call that began it holds the lock, and may enter it again.
        CallScope.enter(held);
        held.tell(new LockEvent.Deferred(policy.name()));
        outer.afterCompletion(() -> {
            CallScope.leave(held);
            Move unused = environment.driver().drive(this, release());
        });
        return held.isHeld() || policy.onLost() == OnLost.WARN
                ? Move.admit()
                : new Move.Fail(held.lostException(Phase.ROLLED_BACK));
    }

    /** Gives the locks back; no renewal is sent from here on. */
    final Move release() {
        Lease held = Objects.requireNonNull(lease);
        boolean intact = held.isHeld();
        for (Hold hold : held.holds()) {
            environment.keeper().forget(hold);
            if (!intact && held.loss() == null) {
                hold.lose(LeaseLoss.EXPIRED);
            }
            boolean unused = hold.end();
        }
        lostBefore = held.loss() != null;
        return taker().release(held.holds());
    }

    @Override
    public Move released(boolean known) {
        Lease held = Objects.requireNonNull(lease);
        if (!known && !lostBefore) {
            held.lost(LeaseLoss.STOLEN, false);
        }
        if (!environment.listeners().isEmpty()) {
            environment.listeners().tell(new LockEvent.Released(policy.name(), Duration.ofNanos(held.ageNanos())));
        }
        return held.loss() == null || policy.onLost() == OnLost.WARN || saysSo(outcome)
                ? Move.admit()
                : new Move.Fail(held.lostException(held.phaseNow()));
    }

    /** Whether the caller learns of the loss anyway. */
    private static boolean saysSo(@Nullable Outcome end) {
        return end instanceof Outcome.Threw threw && threw.error() instanceof LeaseLostException;
    }
}
