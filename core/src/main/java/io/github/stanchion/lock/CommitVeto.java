package io.github.stanchion.lock;

import io.github.stanchion.guard.CallScope;

/**
 * Keeps transactions from being committed by calls that have lost a lock, for whoever runs transactions.
 *
 * <p>Both methods are called on the transaction's thread, and mind all leases of the call that this thread runs; those whose
 * policy ignores transactions, or only warns of losses, have no say. Thread-safe.
 */
public final class CommitVeto {

    private CommitVeto() {}

    /**
     * Right before each commit. A lease that is good for another 200 ms costs nothing; one that is not is renewed, which is a
     * round trip to the store.
     *
     * @throws LeaseLostException if a lock is lost: the transaction must be rolled back
     */
    public static void beforeCommit() {
        CallScope.current().forEach(Lease.class, Lease::requireForCommit);
    }

    /** Right after each commit that has succeeded: what is lost from here on stays committed. */
    public static void afterCommit() {
        CallScope.current().forEach(Lease.class, Lease::committed);
    }
}
