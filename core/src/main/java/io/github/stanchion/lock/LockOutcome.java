package io.github.stanchion.lock;

/** How a call has fared with its lock. */
public enum LockOutcome {

    /** It has the lock. */
    ACQUIRED,

    /** It has the lock already. */
    REENTERED,

    /** It gets what another call has computed. */
    SHARED,

    /** It does not run, as its policy says. */
    SKIPPED,

    /** It fails. */
    REFUSED,

    /** No store could decide, and it fails. */
    STORE_FAILED,

    /** No store could decide, and it runs without the lock, as its policy says. */
    UNLOCKED,

    /** It runs in any case, and would have been refused. */
    SHADOW
}
