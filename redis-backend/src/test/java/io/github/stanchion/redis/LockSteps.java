package io.github.stanchion.redis;

import io.github.stanchion.lock.LockAcquire;
import io.github.stanchion.lock.LockAnswer;
import io.github.stanchion.lock.LockInspect;
import io.github.stanchion.lock.LockMode;
import io.github.stanchion.lock.LockOwner;
import io.github.stanchion.lock.LockPlace;
import io.github.stanchion.lock.LockQueue;
import io.github.stanchion.lock.LockRelease;
import io.github.stanchion.lock.LockReleased;
import io.github.stanchion.lock.LockRenew;
import io.github.stanchion.lock.LockReport;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;

/** One lock of a store, and the steps of nodes that are called by their numbers. */
record LockSteps(AtomicStore store, StoreKey key) {

    static final long SPAN = 60_000_000;
    private static final long RETENTION = 600_000_000;

    LockSteps(AtomicStore store, String subject) {
        this(store, KeySpace.of(Steps.PREFIX, "lock", "steps").key(subject));
    }

    private static LockOwner owner(long node) {
        return new LockOwner(node, 1);
    }

    LockAcquire acquisition(long node) {
        return new LockAcquire(
                owner(node), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, SPAN, 0, true, false, key.fingerprint());
    }

    LockAnswer acquire(long node) {
        return store.execute(key, acquisition(node));
    }

    /** For three times as long as it was acquired. */
    LockRenew renewal(long node) {
        return new LockRenew(owner(node), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, 3 * SPAN);
    }

    LockRelease release(long node, boolean all) {
        return new LockRelease(
                owner(node),
                LockMode.EXCLUSIVE,
                LockQueue.BARGING,
                RETENTION,
                0,
                LockPlace.LEAVE,
                all,
                key.fingerprint());
    }

    LockReleased free(long node) {
        return store.execute(key, release(node, false));
    }

    LockReport inspect(long node) {
        return store.execute(key, new LockInspect(owner(node)));
    }
}
