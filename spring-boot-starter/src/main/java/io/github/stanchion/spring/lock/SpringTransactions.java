package io.github.stanchion.spring.lock;

import io.github.stanchion.lock.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Spring's transactions of the calling thread. Thread-safe. */
public final class SpringTransactions implements Transactions {

    @Override
    public @Nullable Active current() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.isSynchronizationActive()) {
            return null;
        }
        Outer outer = new Outer(Thread.currentThread(), readsSnapshot());
        TransactionSynchronizationManager.registerSynchronization(outer);
        return outer;
    }

    private static boolean readsSnapshot() {
        Integer level = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
        return level != null
                && (level == TransactionDefinition.ISOLATION_REPEATABLE_READ
                        || level == TransactionDefinition.ISOLATION_SERIALIZABLE);
    }

    /** Registered while the transaction is active, as the call may end when it is suspended, over, or on another thread. */
    private static final class Outer implements Active, TransactionSynchronization {

        private final Thread thread;
        private final boolean snapshot;
        private volatile boolean over;
        private @Nullable Runnable end;

        private Outer(Thread thread, boolean snapshot) {
            this.thread = thread;
            this.snapshot = snapshot;
        }

        @Override
        public boolean isSnapshot() {
            return snapshot;
        }

        /** What runs on another thread has no part in the transaction, and ends by itself. */
        @Override
        public void afterCompletion(Runnable action) {
            if (over || Thread.currentThread() != thread) {
                action.run();
            } else {
                end = action;
            }
        }

        @Override
        public void afterCompletion(int status) {
            over = true;
            Runnable action = end;
            if (action != null) {
                end = null;
                action.run();
            }
        }
    }
}
