package io.github.stanchion.lock;

import io.github.stanchion.guard.CallScope;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.Outcome;
import java.util.concurrent.atomic.AtomicBoolean;

/** Gives back a lease that has no body, once. Thread-safe. */
final class LeaseEnd implements Runnable {

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

    /** Whether it was lost before, its holder has been told by the lease itself. */
    @Override
    public void run() {
        if (over.compareAndSet(false, true)) {
            if (scoped) {
                CallScope.leave(lease);
            }
            Move unused = environment.driver().drive(session, session.left(new Outcome.Returned(null)));
        }
    }
}
