package io.github.stanchion.lock;

import org.jspecify.annotations.Nullable;

/** What locks have to know of transactions. Thread-safe. */
public interface Transactions {

    /** There are no transactions. */
    Transactions NONE = () -> null;

    /** The transaction that is active on this thread, null if none is. */
    @Nullable
    Active current();

    /** A transaction that has begun before a lock was taken. */
    interface Active {

        /** Whether it reads from a snapshot that may be older than the lock. */
        boolean isSnapshot();

        /** Runs {@code action} on this thread once the transaction is over, committed or not. */
        void afterCompletion(Runnable action);
    }
}
