package io.github.stanchion.lock;

import io.github.stanchion.store.Exact;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Names each acquisition of this application context; thread-safe. */
final class LockOwners {

    private final long node = 1 + new SecureRandom().nextLong(Exact.MAX);
    private final AtomicLong sequence = new AtomicLong();

    long node() {
        return node;
    }

    LockOwner next() {
        return new LockOwner(node, sequence.incrementAndGet());
    }
}
