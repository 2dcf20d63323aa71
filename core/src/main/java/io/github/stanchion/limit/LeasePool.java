package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.PolicyNames;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The leases of this process: permits that it has charged ahead, to spend them without asking the store.
 *
 * <p>No more is admitted anywhere than was charged: a permit is charged when it is fetched, and spent once, within its ttl. What
 * is left when the ttl ends goes back, by a sweep that runs only while there are leases. A process that dies loses what it
 * holds, at most {@code permits} of each subject, until the bucket has refilled. A reset forgets charges, so that permits held
 * then are dropped, not returned; if its signal is lost, up to {@code permits} more can pass.
 *
 * <p>Holds a bounded number of subjects; for others the store decides every call. Thread-safe.
 */
final class LeasePool implements ResetSignals.Memory {

    private static final Logger LOG = System.getLogger(LeasePool.class.getName());
    private static final int MOST_SUBJECTS = 10_000;

    private final AtomicStore store;
    private final Sleeper sleeper;
    private final LongSupplier ticker;
    private final GuardListeners listeners;
    private final DenialCache denials;
    private final ResetSignals signals;
    private final LongUnaryOperator draw;
    private final boolean signalled;
    private final ConcurrentHashMap<StoreKey, Lease> leases = new ConcurrentHashMap<>();
    private final Object waking = new Object();
    private boolean awaited;
    private long dueNanos;
    private volatile boolean closed;

    /** @param draw a random number up to the one given, so that processes that share a subject do not keep in step */
    LeasePool(
            AtomicStore store,
            Sleeper sleeper,
            LongSupplier ticker,
            GuardListeners listeners,
            DenialCache denials,
            ResetSignals signals,
            LongUnaryOperator draw) {
        this.store = store;
        this.sleeper = sleeper;
        this.ticker = ticker;
        this.listeners = listeners;
        this.denials = denials;
        this.signals = signals;
        this.draw = draw;
        this.signalled = store.capabilities().contains(Capability.SIGNALS);
    }

    long now() {
        return ticker.getAsLong();
    }

    /** The subject's lease under these terms, made if need be; null if the store decides every call of it. */
    @Nullable
    Lease of(RateLimitPolicy policy, RateOperations limit, LeaseTerms terms, StoreKey key) {
        Lease lease = leases.get(key);
        if (lease == null) {
            lease = closed || leases.mappingCount() >= MOST_SUBJECTS ? null : make(policy, limit, terms, key);
        }
        return lease != null && lease.serves(limit, terms) ? lease : null;
    }

    private Lease make(RateLimitPolicy policy, RateOperations limit, LeaseTerms terms, StoreKey key) {
        long subject = signalled ? key.fingerprint() : 0;
        Lease lease = leases.computeIfAbsent(
                key, any -> new Lease(key, policy.name(), limit, terms, subject, ticker.getAsLong()));
        if (closed) {
            // Whoever closes looks at all leases afterwards, so that one of the two sees this one.
            giveBack(lease, lease.end());
        }
        wakeAt(lease.dueNanos());
        return lease;
    }

    /** How many permits of this policy are held now. */
    long leased(String policy) {
        String canonical = PolicyNames.canonical(policy);
        long sum = 0;
        for (Lease lease : leases.values()) {
            sum += PolicyNames.canonical(lease.policy()).equals(canonical) ? lease.left() : 0;
        }
        return sum;
    }

    /** Holds what the store has charged beyond {@code cost}; returns what the call is told. */
    RateReply granted(Lease lease, RateReply reply, long cost, long sentNanos, int resets) {
        long now = ticker.getAsLong();
        giveBack(lease, lease.granted(reply, cost, sentNanos, resets, now));
        long left = lease.left();
        if (left > 0) {
            signals.listen();
            wakeAt(lease.dueNanos());
        }
        return new RateReply(
                true, cost, reply.remaining() + left, 0, reply.fullMicros(), reply.repaired(), reply.stamp());
    }

    /** How long this process asks for no more, now that there were fewer permits than it wanted. */
    long holdOffMicros(LeaseTerms terms) {
        return terms.holdOffMicros() + draw.applyAsLong(terms.holdOffMicros());
    }

    /** Returns permits whose time is over. */
    void expire(Lease lease, long nowNanos) {
        giveBack(lease, lease.expire(nowNanos));
    }

    /** Returns permits to the store, without waiting for it. */
    void giveBack(Lease lease, long permits) {
        if (permits > 0) {
            CompletionStage<RateSettlement> unused = store.executeAsync(
                            lease.key(), lease.limit().settle(-permits, List.of()))
                    .whenComplete((settlement, trouble) -> {
                        if (trouble == null) {
                            denials.forget(lease.key());
                        } else {
                            lost(lease, permits, trouble);
                        }
                    });
        }
    }

    private void lost(Lease lease, long permits, Throwable trouble) {
        LOG.log(
                Level.DEBUG,
                () -> "Leased permits of rate limit '" + lease.policy() + "' could not be returned; they refill",
                trouble);
        if (!listeners.isEmpty()) {
            listeners.tell(new RateLimitSettled(lease.policy(), RateLimitSettled.Outcome.LOST, permits));
        }
    }

    /** Sees to it that there is a sweep at that time, or a little later. */
    private void wakeAt(long nanos) {
        long now = ticker.getAsLong();
        synchronized (waking) {
            if (awaited && dueNanos - nanos <= 0) {
                return;
            }
            awaited = true;
            dueNanos = nanos;
        }
        long micros = Math.max(1, (nanos - now + 999) / 1_000);
        CompletionStage<Void> unused = sleeper.sleepAsync(micros).thenRun(() -> sweep(nanos));
    }

    private void sweep(long due) {
        synchronized (waking) {
            if (!awaited || dueNanos != due) {
                return;
            }
            awaited = false;
        }
        long now = ticker.getAsLong();
        long shortest = Long.MAX_VALUE;
        long wait = Long.MAX_VALUE;
        for (Lease lease : leases.values()) {
            expire(lease, now);
            if (lease.endIfIdle(now)) {
                leases.remove(lease.key(), lease);
            } else {
                wait = Math.min(wait, lease.dueNanos() - now);
                shortest = Math.min(shortest, lease.terms().ttlNanos());
            }
        }
        if (wait != Long.MAX_VALUE) {
            // However many leases there are, so often is enough.
            wakeAt(now + Math.max(wait, shortest / 8));
        }
    }

    @Override
    public void forget(long subject) {
        for (Lease lease : leases.values()) {
            if (lease.subject() == subject) {
                lease.forget();
            }
        }
    }

    void forget(StoreKey key) {
        Lease lease = leases.get(key);
        if (lease != null) {
            lease.forget();
        }
    }

    @Override
    public void forgetAll() {
        leases.values().forEach(Lease::forget);
    }

    /** Returns all that is held, and leases nothing any more. Blocks. */
    void close() {
        closed = true;
        List<Lease> ended = new ArrayList<>();
        List<KeyedOperation<?>> steps = new ArrayList<>();
        List<Long> rests = new ArrayList<>();
        for (Lease lease : leases.values()) {
            long rest = lease.end();
            if (rest > 0) {
                ended.add(lease);
                rests.add(rest);
                steps.add(new KeyedOperation<>(lease.key(), lease.limit().settle(-rest, List.of())));
            }
        }
        leases.clear();
        if (steps.isEmpty()) {
            return;
        }
        try {
            List<StepResult<?>> results = store.executeEach(steps);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i) instanceof StepResult.Failed<?> failed) {
                    lost(ended.get(i), rests.get(i), failed.error());
                }
            }
        } catch (StoreException trouble) {
            for (int i = 0; i < ended.size(); i++) {
                lost(ended.get(i), rests.get(i), trouble);
            }
        }
    }
}
