package io.github.stanchion.annotation;

/** How a lock goes with a transaction that is active when the call enters it. */
public enum LockTransactions {

    /** The lock stays until the transaction is over, and a lost one vetoes the commit. */
    AUTO,

    /** The lock is free when the method returns, committed or not; nothing is vetoed. */
    IGNORE,

    /** Such a call is refused: the lock must be taken first. */
    FORBID
}
