package io.github.stanchion.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.weaving.app.Ledger;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Locks of methods whose transactions proxies begin: taken before, once, and free after the commit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransactionWeavingContract {

    private Application application;

    /** Whether AspectJ weaves the application's classes. */
    abstract boolean woven();

    @BeforeAll
    void start() {
        application = Application.start(woven() ? "aspectj" : "proxy", Wiring.class);
    }

    @AfterAll
    void stop() {
        application.close();
    }

    @AfterEach
    void forget() {
        assertThat(application.bean(Locks.class).holding()).isZero();
        application.bean(Notes.class).all.clear();
    }

    @Test
    void callThroughTheBeanIsLockedOnceAroundTheTransaction() {
        application.bean(Ledger.class).book();
        assertNoted("lock ACQUIRED", "begin", "body", "commit", "release");
    }

    @Test
    void selfCallInATransactionIsLockedUntilItsCommitWhereWoven() {
        application.bean(Ledger.class).booksItself();
        if (woven()) {
            assertNoted("begin", "lock ACQUIRED", "body", "commit", "release");
        } else {
            assertNoted("begin", "body", "commit");
        }
    }

    @Test
    void plainObjectHasNoTransactionAndIsLockedWhereWoven() {
        new Ledger(application.bean(Notes.class)::add).book();
        if (woven()) {
            assertNoted("lock ACQUIRED", "body", "release");
        } else {
            assertNoted("body");
        }
    }

    private void assertNoted(String... notes) {
        assertThat(application.bean(Notes.class).all).containsExactly(notes);
    }

    /** Transactions and locks that note what they do. */
    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Wiring {

        @Bean
        Notes notes() {
            return new Notes(new CopyOnWriteArrayList<>());
        }

        @Bean
        Ledger ledger(Notes notes) {
            return new Ledger(notes::add);
        }

        @Bean
        GuardListener lockListener(Notes notes) {
            return event -> {
                if (event instanceof LockEvent.Decided decided) {
                    notes.add("lock " + decided.outcome());
                } else if (event instanceof LockEvent.Released) {
                    notes.add("release");
                }
            };
        }

        @Bean
        Transactions transactionManager(Notes notes) {
            return new Transactions(notes);
        }
    }

    private record Notes(List<String> all) {

        void add(String note) {
            all.add(note);
        }
    }

    private static final class Transactions extends AbstractPlatformTransactionManager {

        private static final long serialVersionUID = 1L;

        private final transient Notes notes;

        Transactions(Notes notes) {
            this.notes = notes;
        }

        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            notes.add("begin");
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            notes.add("commit");
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            notes.add("rollback");
        }
    }
}
