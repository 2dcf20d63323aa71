package io.github.stanchion.limit;

import io.github.stanchion.store.StoreKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One subject as this process leases from it: the permits that it holds, and how many it has used of late.
 *
 * <p>Thread-safe. Spending takes no lock; what happens once per trip to the store does, a short one that no I/O happens under.
 */
final class Lease {

    private final StoreKey key;
    private final String policy;
    private final RateOperations limit;
    private final LeaseTerms terms;
    private final long subject;
    private final AtomicReference<@Nullable CompletableFuture<Fetched>> fetching = new AtomicReference<>();
    private volatile @Nullable LeasedPermits permits;
    private volatile int resets;

    // Guarded by this.
    private long held;
    private long used;
    private long usedBefore;
    private long windowNanos;
    private long askedNanos;
    private boolean ended;

    /** @param subject the key's fingerprint, by which resets name it */
    Lease(StoreKey key, String policy, RateOperations limit, LeaseTerms terms, long subject, long nowNanos) {
        this.key = key;
        this.policy = policy;
        this.limit = limit;
        this.terms = terms;
        this.subject = subject;
        this.windowNanos = nowNanos;
        this.askedNanos = nowNanos;
    }

    StoreKey key() {
        return key;
    }

    /** The policy's name. */
    String policy() {
        return policy;
    }

    RateOperations limit() {
        return limit;
    }

    LeaseTerms terms() {
        return terms;
    }

    long subject() {
        return subject;
    }

    boolean serves(RateOperations by, LeaseTerms under) {
        return limit.equals(by) && terms.equals(under);
    }

    long left() {
        LeasedPermits current = permits;
        return current == null ? 0 : current.left();
    }

    /** Spends permits that are held; returns where they were, null if there are not so many. */
    @Nullable
    LeasedPermits spend(long cost, long nowNanos) {
        LeasedPermits current = permits;
        return current != null && current.spend(cost, nowNanos) ? current : null;
    }

    /** Begins a trip to the store, or returns the one that is under way. */
    @Nullable
    CompletableFuture<Fetched> join(CompletableFuture<Fetched> mine) {
        return fetching.compareAndExchange(null, mine);
    }

    /** The trip is over, and whoever joined it goes on. */
    void leave(CompletableFuture<Fetched> mine) {
        fetching.set(null);
    }

    /** How often the subject has been reset: what was asked for before is not charged any more after. */
    int resets() {
        return resets;
    }

    /** How many permits to ask for, at least {@code cost}: as many as have been used in the last ttl. */
    synchronized long wanted(long cost, long nowNanos) {
        askedNanos = nowNanos;
        rollWindow(nowNanos);
        long fading = (long) ((double) usedBefore * (terms.ttlNanos() - (nowNanos - windowNanos)) / terms.ttlNanos());
        long recent = used + (held - left()) + fading;
        return Math.max(cost, Math.min(terms.permits() - left(), recent));
    }

    private void rollWindow(long nowNanos) {
        long windows = (nowNanos - windowNanos) / terms.ttlNanos();
        if (windows > 0) {
            usedBefore = windows == 1 ? used : 0;
            used = 0;
            windowNanos += windows * terms.ttlNanos();
        }
    }

    /** Permits were used that were never held here. */
    synchronized void usedElsewhere(long cost) {
        used += cost;
    }

    /**
     * Holds what was charged beyond a call's own cost.
     *
     * @param sentNanos before it was asked for
     * @param resetsThen {@link #resets} at that time
     * @return how many permits are to be returned to the store, as they cannot be spent here
     */
    synchronized long granted(RateReply reply, long cost, long sentNanos, int resetsThen, long nowNanos) {
        used += cost;
        if (resets != resetsThen) {
            return 0;
        }
        LeasedPermits before = permits;
        long endNanos = sentNanos + terms.ttlNanos();
        long returned = 0;
        long more = reply.taken() - cost;
        long rest = drain();
        if (before != null && before.isOver(nowNanos)) {
            returned = rest;
        } else if (before != null && rest > 0) {
            // The older permits must not live longer; it does no harm that the newer ones end with them.
            endNanos = before.endNanos();
            more += rest;
        }
        if (ended || nowNanos - endNanos >= 0) {
            return returned + more;
        }
        held = more;
        permits =
                more == 0 ? null : new LeasedPermits(more, reply.remaining(), reply.fullMicros(), sentNanos, endNanos);
        return returned;
    }

    /** Ends what is held; returns the rest. */
    private long drain() {
        LeasedPermits current = permits;
        if (current == null) {
            return 0;
        }
        long rest = current.close();
        used += held - rest;
        held = 0;
        permits = null;
        return rest;
    }

    /** Ends permits whose time is over; returns how many are left of them. */
    synchronized long expire(long nowNanos) {
        LeasedPermits current = permits;
        return current != null && current.isOver(nowNanos) ? drain() : 0;
    }

    /** Ends the lease for good if nobody has used it for long; what a trip still under way brings goes straight back. */
    synchronized boolean endIfIdle(long nowNanos) {
        ended |= permits == null && fetching.get() == null && nowNanos - idleNanos() >= 0;
        return ended;
    }

    /** Ends the lease for good; returns the rest. */
    synchronized long end() {
        ended = true;
        return drain();
    }

    /** The subject has all its permits back: those held here are among them. */
    synchronized void forget() {
        resets++;
        LeasedPermits current = permits;
        if (current != null) {
            current.forget();
            permits = null;
            held = 0;
        }
    }

    /** When something ends by itself. */
    synchronized long dueNanos() {
        LeasedPermits current = permits;
        return current == null ? idleNanos() : current.endNanos();
    }

    private long idleNanos() {
        return askedNanos + 2 * terms.ttlNanos();
    }

    /**
     * What a trip to the store has brought, for those who joined it: permits now held, or
     *
     * @param denial a refusal; null if the store admitted
     */
    record Fetched(@Nullable KnownDenial denial) {}
}
