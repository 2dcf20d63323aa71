package io.github.stanchion.lock;

import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.OnLost;
import io.github.stanchion.guard.CallScope;
import io.github.stanchion.lock.LeaseLostException.Phase;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A lock that is held, or several that were taken together.
 *
 * <p>It counts its own end from before the store was asked, by this process's monotonic clock, so it stops believing before
 * anybody else can get in. It is renewed by itself. Once lost it stays lost. Thread-safe.
 *
 * <p>{@link #current} finds the lease of the method that this thread runs. A lease of {@link Locks#acquire} is released by
 * {@link #close}; one of a guarded method ends with the method.
 */
public final class Lease implements AutoCloseable, CallScope.Held {

    private static final Logger LOG = System.getLogger(Lease.class.getName());

    /** Commits take less, as a rule; those that take longer have the grace of the store. */
    private static final Duration ENOUGH_TO_COMMIT = Duration.ofMillis(200);

    private final LockEnvironment environment;
    private final LockPolicy policy;
    private final List<Hold> holds;
    private final Runnable withdrawal;
    private final List<Runnable> reactions = new CopyOnWriteArrayList<>();
    private final LeaseBody body = new LeaseBody(this::react);
    private volatile long leaseMicros;
    private final AtomicReference<@Nullable LeaseLoss> loss = new AtomicReference<>();
    private volatile boolean committed;
    private volatile @Nullable LeaseEnd end;
    private final AtomicInteger again = new AtomicInteger();

    /** @param withdrawal lets others of this process go on without waiting for the body, once it is lost */
    Lease(LockEnvironment environment, LockPolicy policy, List<Hold> holds, Runnable withdrawal) {
        this.environment = environment;
        this.policy = policy;
        this.holds = List.copyOf(holds);
        this.withdrawal = withdrawal;
        this.leaseMicros = policy.leaseMicros();
        holds.forEach(hold -> hold.belongsTo(this));
    }

    /** A lease for callers that hold nothing because their policy says so. */
    static Lease ofNothing(LockEnvironment environment, LockPolicy policy) {
        return new Lease(environment, policy, List.of(), () -> {});
    }

    /**
     * The lease of this name that the body which this thread runs is in.
     *
     * @throws IllegalStateException if there is none: the method is not woven, or runs on another thread
     */
    public static Lease current(String name) {
        Lease lease = CallScope.current().find(Lease.class, candidate -> LockPolicies.isSame(candidate.name(), name));
        if (lease == null) {
            throw new IllegalStateException(
                    "Lock '" + name + "' is not held by this thread's call; call the method that has"
                            + " @WithLock through its bean, and on the thread that runs it");
        }
        return lease;
    }

    /**
     * Makes sure that this thread's call holds the lock of this name at this moment, as far as this process can tell.
     *
     * @throws IllegalStateException if it was never taken
     * @throws LeaseLostException if it is lost
     */
    public static void assertHeld(String name) {
        current(name).checkpoint();
    }

    /** The name of the policy. */
    public String name() {
        return policy.name();
    }

    /**
     * A number that is greater than that of every earlier holder: hand it to whatever you write to, so that it refuses those
     * that come late. Re-entry keeps it.
     *
     * @throws IllegalStateException if several locks were taken together, see {@link #fencingTokens}
     */
    public long fencingToken() {
        if (holds.size() != 1) {
            throw new IllegalStateException(
                    "Lease of lock '" + name() + "' has '" + holds.size() + "' fencing tokens; use fencingTokens()");
        }
        return holds.get(0).token();
    }

    /** The tokens of locks taken together, in the order of their keys' bytes. */
    public List<Long> fencingTokens() {
        return holds.stream().map(Hold::token).toList();
    }

    /** The locked keys, in the order of their bytes; they may name people, so show only {@link #keyHashes}. */
    public List<StoreKey> keys() {
        return holds.stream().map(Hold::key).toList();
    }

    /** Short hashes of the locked keys, in the order of their bytes: they tell locks apart without telling keys. */
    public List<String> keyHashes() {
        return holds.stream().map(Hold::key).map(Locks::hash).toList();
    }

    /** How long the lock is good for if it is never renewed again; zero once it is lost or released. */
    public Duration remaining() {
        long now = environment.clock().nanos();
        long left = Long.MAX_VALUE;
        for (Hold hold : holds) {
            left = Math.min(left, hold.isHeld(now) ? hold.deadlineNanos() - now : 0);
        }
        return Duration.ofNanos(left);
    }

    /** How long the lock has been held, counted from when the store was asked. */
    public Duration age() {
        return Duration.ofNanos(ageNanos());
    }

    /** Whether the lock can be relied on at this moment; asks nobody. */
    public boolean isHeld() {
        long now = environment.clock().nanos();
        for (Hold hold : holds) {
            if (!hold.isHeld(now)) {
                return false;
            }
        }
        return !isLost();
    }

    /**
     * Stops a body that has lost its lock; asks nobody.
     *
     * @throws LeaseLostException if the lock is lost, or its lease is over
     */
    public void checkpoint() {
        if (!isHeld()) {
            throw lostException(phaseNow());
        }
    }

    /**
     * Asks the store whether the lock is held, which renews it: one round trip; blocks for at most the store's time-out.
     *
     * @return whether it is; false also if it is lost since
     * @throws StoreException if the store cannot say
     */
    public boolean verify() {
        for (Hold hold : holds) {
            if (hold.isLost() || hold.isReleased() || !environment.keeper().renewNow(hold)) {
                return false;
            }
        }
        return isHeld();
    }

    /** Runs {@code reaction} once if the lock is lost, at once if it is already; in the background, apart from renewals. */
    public void onLost(Runnable reaction) {
        reactions.add(reaction);
        if (isLost() && reactions.remove(reaction)) {
            react(reaction);
        }
    }

    /**
     * Releases the lock, if it was not entered again since: one round trip. Does nothing if it is released already; trouble of
     * the store goes to the log, and the lock ends by itself.
     *
     * @throws IllegalStateException for the lease of a guarded method or body, which ends with it
     */
    @Override
    public void close() {
        LeaseEnd ending = ending();
        if (ending != null) {
            ending.come();
        }
    }

    /**
     * As {@link #close}, without blocking.
     *
     * @return whether the lock was held until then, as far as the store could say
     */
    public CompletableFuture<Boolean> releaseAsync() {
        LeaseEnd ending = ending();
        return ending == null
                ? CompletableFuture.completedFuture(!isLost())
                : ending.comeAsync().thenApply(done -> !isLost());
    }

    /** What ends it now; null if nothing does, as it was entered again or there is nothing to end. */
    private @Nullable LeaseEnd ending() {
        if (holds.isEmpty() || again.getAndUpdate(times -> Math.max(0, times - 1)) > 0) {
            return null;
        }
        LeaseEnd known = end;
        if (known == null) {
            throw new IllegalStateException(
                    "Lease of lock '" + name() + "' belongs to a guarded call; it is released when that ends");
        }
        return known;
    }

    @Override
    public String toString() {
        return "Lease of " + policy;
    }

    // For the session that took it

    LockPolicy policy() {
        return policy;
    }

    List<Hold> holds() {
        return holds;
    }

    void closedBy(LeaseEnd ending) {
        end = ending;
    }

    /** Entered once more by its holder: the next close gives nothing back. */
    Lease again() {
        again.incrementAndGet();
        return this;
    }

    /** Whether it holds these locks of this application. */
    @SuppressWarnings("ReferenceEquality") // of an application there is one
    boolean covers(LockEnvironment asked, List<StoreKey> keys) {
        return asked == environment
                && keys.stream().allMatch(key -> holds.stream()
                        .anyMatch(hold -> hold.key().equals(key)));
    }

    /** Whether it is released for good, or closed after it was lost. */
    @Override
    public boolean isOver() {
        LeaseEnd ending = end;
        return ending != null && ending.hasCome() || holds.stream().allMatch(Hold::isReleased);
    }

    @Nullable
    LeaseLoss loss() {
        return loss.get();
    }

    private boolean isLost() {
        return loss.get() != null;
    }

    /** A method further in asks for so much; a shorter lease changes nothing, a longer one counts from the next renewal on. */
    void atLeast(long micros) {
        leaseMicros = Math.max(leaseMicros, micros);
    }

    long leaseMicros() {
        return leaseMicros;
    }

    long ageNanos() {
        return holds.isEmpty() ? 0 : environment.clock().nanos() - holds.get(0).acquiredNanos();
    }

    LeaseLostException lostException(Phase phase) {
        LeaseLoss reason = loss();
        return new LeaseLostException(name(), reason == null ? LeaseLoss.EXPIRED : reason, phase);
    }

    Phase phaseNow() {
        return committed ? Phase.AFTER_COMMIT : Phase.NO_TRANSACTION;
    }

    /**
     * Right before a commit inside: the lock must be good for long enough, or be so by a renewal.
     *
     * @throws LeaseLostException if it is lost, or cannot be renewed in time
     */
    void requireForCommit() {
        boolean vetoes = policy.tx() != LockTransactions.IGNORE && policy.onLost() != OnLost.WARN;
        boolean isGood = isHeld() && remaining().compareTo(ENOUGH_TO_COMMIT) >= 0;
        if (!vetoes || isOver() || isGood || isRenewed()) {
            return;
        }
        tell(new LockEvent.Vetoed(name()));
        throw lostException(Phase.ROLLED_BACK);
    }

    private boolean isRenewed() {
        try {
            return verify();
        } catch (StoreException trouble) {
            LOG.log(Level.DEBUG, () -> "Lock '" + name() + "' could not be renewed before a commit", trouble);
            return false;
        }
    }

    /** A transaction was committed inside. */
    void committed() {
        committed = true;
    }

    // What happens to it

    void lost(LeaseLoss reason, boolean wasSuspect) {
        boolean first = loss.compareAndSet(null, reason);
        if (first && policy.onLost() == OnLost.INTERRUPT) {
            body.stop();
        }
        if (wasSuspect) {
            tell(new LockEvent.Suspect(name(), LockEvent.LeaseDoubt.OVER));
        }
        if (first) {
            withdrawal.run();
            LOG.log(Level.WARNING, () -> "Lock '" + name() + "' was lost: " + reason.text());
            tell(new LockEvent.Lost(name(), reason, Duration.ofNanos(ageNanos())));
            for (Runnable reaction : List.copyOf(reactions)) {
                if (reactions.remove(reaction)) {
                    react(reaction);
                }
            }
        }
    }

    void ended(boolean wasSuspect) {
        if (wasSuspect) {
            tell(new LockEvent.Suspect(name(), LockEvent.LeaseDoubt.OVER));
        }
    }

    /** What is not ours never runs where leases are renewed and stores answer. */
    private void react(Runnable reaction) {
        environment.background().execute(() -> {
            try {
                reaction.run();
            } catch (RuntimeException | LinkageError trouble) {
                LOG.log(Level.WARNING, () -> "Reaction to the loss of lock '" + name() + "' failed", trouble);
            }
        });
    }

    void tell(LockEvent event) {
        environment.listeners().tell(event);
    }

    @Override
    public void entered() {
        environment.scopes().entered(this);
        body.entered();
    }

    @Override
    public void exited() {
        body.exited();
        environment.scopes().exited(this);
    }

    /** Says how the body ends that runs on no thread of its own. */
    void stoppableBy(Runnable how) {
        body.stoppableBy(how);
    }
}
