package io.github.stanchion.spring.lock;

import io.github.stanchion.lock.CommitVeto;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Lets locks veto the commits of every transaction manager among the beans, those of the application included, which
 * customizers of Boot's own do not reach.
 */
public final class CommitVetoes implements BeanPostProcessor {

    private static final TransactionExecutionListener VETO = new Veto();

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof ConfigurableTransactionManager manager) {
            manager.addListener(VETO);
        }
        return bean;
    }

    private static final class Veto implements TransactionExecutionListener {

        /** What is thrown here is no TransactionException, so the transaction is rolled back. */
        @Override
        public void beforeCommit(TransactionExecution transaction) {
            CommitVeto.beforeCommit();
        }

        @Override
        public void afterCommit(TransactionExecution transaction, @Nullable Throwable commitFailure) {
            if (commitFailure == null && transaction.isNewTransaction()) {
                CommitVeto.afterCommit();
            }
        }
    }
}
