package io.github.stanchion.lock;

import io.github.stanchion.guard.CallScope;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives back a lease that has no body, once. Whether it was lost before, its holder has been told by the lease.
 *
 * <p>Thread-safe.
 */
final class LeaseEnd {

    private final LockEnvironment environment;
    private final LockSession session;
    private final Lease lease;
    private final boolean scoped;
    private final AtomicBoolean over = new AtomicBoolean();

    LeaseEnd(LockEnvironment environment, LockSession session, Lease lease, boolean scoped) {
        this.environment = environment;
        this.session = session;
        this.lease = lease;
        this.scoped = scoped;
    }

    void come() {
        if (begins()) {
            Move unused = environment.driver().drive(session, session.left(new Outcome.Returned(null)));
        }
    }

    CompletableFuture<?> comeAsync() {
        return begins()
                ? environment.driver().driveAsync(session, session.left(new Outcome.Returned(null)))
                : CompletableFuture.completedFuture(null);
    }

    boolean hasCome() {
        return over.get();
    }

    private boolean begins() {
        boolean first = over.compareAndSet(false, true);
        if (first && scoped) {
            CallScope.leave(lease);
        }
        return first;
    }
}
