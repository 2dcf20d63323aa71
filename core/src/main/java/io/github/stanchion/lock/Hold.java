package io.github.stanchion.lock;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.StoreKey;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One lock that this process holds, as its holder counts it: HELD or SUSPECT, until it is LOST or RELEASED for good.
 *
 * <p>Thread-safe. The deadline is counted from before the question that was granted, so that it comes before the store's end.
 */
final class Hold {

    private enum State {
        HELD,
        SUSPECT,
        LOST,
        RELEASED
    }

    private final AtomicStore store;
    private final StoreKey key;
    private final LockOwner owner;
    private final long token;
    private final long acquiredNanos;
    private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
    private volatile long deadlineNanos;
    private volatile @Nullable Lease lease;

    // The keeper's, touched by its thread and the replies it waits for, one at a time.
    private volatile long nextRenewalNanos;
    private volatile boolean renewing;
    private volatile boolean longHoldTold;

    Hold(AtomicStore store, StoreKey key, LockOwner owner, long token, long askedNanos, long leaseMicros) {
        this.store = store;
        this.key = key;
        this.owner = owner;
        this.token = token;
        this.acquiredNanos = askedNanos;
        this.deadlineNanos = askedNanos + leaseMicros * 1_000;
        this.nextRenewalNanos = askedNanos + leaseMicros * 1_000 / 3;
    }

    void belongsTo(Lease whole) {
        lease = whole;
    }

    Lease lease() {
        Lease whole = lease;
        if (whole == null) {
            throw new IllegalStateException("This hold belongs to no lease yet");
        }
        return whole;
    }

    AtomicStore store() {
        return store;
    }

    StoreKey key() {
        return key;
    }

    LockOwner owner() {
        return owner;
    }

    long token() {
        return token;
    }

    long acquiredNanos() {
        return acquiredNanos;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    boolean isLost() {
        return state.get() == State.LOST;
    }

    boolean isReleased() {
        return state.get() == State.RELEASED;
    }

    /** Whether it can still be relied on at this instant. */
    boolean isHeld(long nowNanos) {
        State now = state.get();
        return (now == State.HELD || now == State.SUSPECT) && nowNanos - deadlineNanos < 0;
    }

    /** A renewal that was sent at that instant has been granted; true if that ends a doubt. */
    boolean renewed(long sentNanos, long leaseMicros) {
        deadlineNanos = Math.max(deadlineNanos - sentNanos, leaseMicros * 1_000) + sentNanos;
        nextRenewalNanos = sentNanos + leaseMicros * 1_000 / 3;
        return state.compareAndSet(State.SUSPECT, State.HELD);
    }

    /** True if this begins a doubt. */
    boolean suspect() {
        return state.compareAndSet(State.HELD, State.SUSPECT);
    }

    /** True if this call has lost it. */
    boolean lose(LeaseLoss reason) {
        while (true) {
            State before = state.get();
            if (before == State.LOST || before == State.RELEASED) {
                return false;
            }
            if (state.compareAndSet(before, State.LOST)) {
                lease().lost(reason, before == State.SUSPECT);
                return true;
            }
        }
    }

    /** True if this call has ended it, and it was not lost before. */
    boolean end() {
        while (true) {
            State before = state.get();
            if (before == State.LOST || before == State.RELEASED) {
                return false;
            }
            if (state.compareAndSet(before, State.RELEASED)) {
                lease().ended(before == State.SUSPECT);
                return true;
            }
        }
    }

    long nextRenewalNanos() {
        return nextRenewalNanos;
    }

    void renewAt(long nanos) {
        nextRenewalNanos = nanos;
    }

    boolean isRenewing() {
        return renewing;
    }

    void renewing(boolean underWay) {
        renewing = underWay;
    }

    boolean isLongHoldTold() {
        return longHoldTold;
    }

    void longHoldTold() {
        longHoldTold = true;
    }
}
