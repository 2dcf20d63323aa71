package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LeaseLoss;
import io.github.stanchion.lock.LeaseLostException;
import io.github.stanchion.lock.LeaseLostException.Phase;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Locks around and inside of real transactions, on H2. */
class LockTransactionsTest {

    private final ApplicationContextRunner real = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withUserConfiguration(Database.class)
            .withBean(Book.class)
            .withBean(Heard.class);

    private final ApplicationContextRunner driven =
            real.withBean(VirtualClock.class).withBean(VirtualSleeper.class).withBean(Thief.class);

    // Losses

    @Test
    void lostLockRollsTheTransactionBack() {
        losing(context -> {
            Book book = context.getBean(Book.class);

            assertThatThrownBy(() -> book.write(context.getBean(Thief.class)::steal))
                    .isInstanceOfSatisfying(LeaseLostException.class, lost -> {
                        assertThat(lost.phase()).isEqualTo(Phase.ROLLED_BACK);
                        assertThat(lost.reason()).isEqualTo(LeaseLoss.STOLEN);
                    });
            assertThat(book.rows()).isZero();
            assertThat(context.getBean(Heard.class).of(LockEvent.Vetoed.class)).hasSize(1);
            assertThat(context.getBean(Heard.class).of(LockEvent.Lost.class)).hasSize(1);
        });
    }

    @Test
    void heldLockLetsTheTransactionBeCommitted() {
        losing(context -> {
            context.getBean(Book.class).write(() -> {});

            assertThat(context.getBean(Book.class).rows()).isEqualTo(1);
            assertThat(context.getBean(Heard.class).of(LockEvent.Vetoed.class)).isEmpty();
        });
    }

    @Test
    void newTransactionInsideIsRolledBackToo() {
        losing(context -> {
            Book book = context.getBean(Book.class);

            assertThatThrownBy(() -> book.locked(() -> {
                        context.getBean(Thief.class).steal();
                        book.writeAnew();
                    }))
                    .isInstanceOfSatisfying(LeaseLostException.class, lost -> assertThat(lost.phase())
                            .isEqualTo(Phase.ROLLED_BACK));
            assertThat(book.rows()).isZero();
        });
    }

    @Test
    void lossAfterTheCommitSaysSo() {
        losing(context -> {
            Book book = context.getBean(Book.class);

            assertThatThrownBy(() -> book.locked(() -> {
                        book.writeAnew();
                        context.getBean(Thief.class).steal();
                    }))
                    .isInstanceOfSatisfying(LeaseLostException.class, lost -> assertThat(lost.phase())
                            .isEqualTo(Phase.AFTER_COMMIT));
            assertThat(book.rows()).isEqualTo(1);
        });
    }

    @Test
    void lossWithoutATransactionSaysSo() {
        losing(context -> assertThatThrownBy(
                        () -> context.getBean(Book.class).locked(context.getBean(Thief.class)::steal))
                .isInstanceOfSatisfying(LeaseLostException.class, lost -> assertThat(lost.phase())
                        .isEqualTo(Phase.NO_TRANSACTION)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tx=ignore", "on-lost=warn"})
    void lockThatIgnoresTransactionsOrOnlyWarnsVetoesNothing(String setting) {
        losing(setting, context -> {
            try {
                context.getBean(Book.class).write(context.getBean(Thief.class)::steal);
                assertThat(setting).isEqualTo("on-lost=warn");
            } catch (LeaseLostException lost) {
                assertThat(setting).isEqualTo("tx=ignore");
            }
            assertThat(context.getBean(Book.class).rows()).isEqualTo(1);
            assertThat(context.getBean(Heard.class).of(LockEvent.Vetoed.class)).isEmpty();
        });
    }

    @Test
    void leaseThatEndsSoonIsRenewedBeforeTheCommit() {
        losing(context -> {
            VirtualClock clock = context.getBean(VirtualClock.class);
            Duration[] left = new Duration[1];
            Book book = context.getBean(Book.class);
            book.locked(() -> {
                clock.set(clock.instant().plusMillis(29_900));
                book.writeAnew();
                left[0] = Lease.current("book").remaining();
            });

            assertThat(left[0]).isEqualTo(Duration.ofSeconds(30));
            assertThat(context.getBean(Book.class).rows()).isEqualTo(1);
        });
    }

    @Test
    void enoughOfALeaseAsksNoStore() {
        losing(context -> {
            context.getBean(Book.class).write(context.getBean(MemoryStore.class)::close);

            assertThat(context.getBean(Book.class).rows()).isEqualTo(1);
        });
    }

    @Test
    void leaseThatCannotBeRenewedInTimeVetoes() {
        losing(context -> {
            VirtualClock clock = context.getBean(VirtualClock.class);

            assertThatThrownBy(() -> context.getBean(Book.class).write(() -> {
                        clock.set(clock.instant().plusMillis(29_900));
                        context.getBean(MemoryStore.class).close();
                    }))
                    .isInstanceOfSatisfying(LeaseLostException.class, lost -> {
                        assertThat(lost.phase()).isEqualTo(Phase.ROLLED_BACK);
                        assertThat(lost.reason()).isEqualTo(LeaseLoss.EXPIRED);
                    });
            assertThat(context.getBean(Book.class).rows()).isZero();
        });
    }

    // Transactions that have begun before

    @Test
    void lockOfACallInATransactionIsFreeOnlyAfterItsCommit() {
        real.run(context -> {
            Book book = context.getBean(Book.class);
            Locks locks = context.getBean(Locks.class);
            AtomicReference<CompletableFuture<Integer>> seen = new AtomicReference<>();
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
                book.write(() -> {});
                assertThat(locks.holding()).isEqualTo(1);
                // Its holder enters it again.
                book.write(() -> {});
                seen.set(CompletableFuture.supplyAsync(book::countLocked));
                await().atMost(Duration.ofSeconds(10)).until(() -> locks.waiting() == 1);
                assertThat(seen.get()).isNotDone();
            });

            assertThat(seen.get().get(10, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(locks.holding()).isZero();
        });
    }

    @Test
    void lockOfACallInATransactionIsFreeAfterItsRollback() {
        real.run(context -> {
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
                context.getBean(Book.class).write(() -> {});
                status.setRollbackOnly();
            });

            assertThat(context.getBean(Locks.class).holding()).isZero();
            assertThat(CompletableFuture.supplyAsync(context.getBean(Book.class)::countLocked)
                            .get(10, TimeUnit.SECONDS))
                    .isZero();
        });
    }

    @Test
    void lockThatIsLostBeforeTheOuterCommitVetoesIt() {
        losing(context -> {
            TransactionTemplate outer = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));

            assertThatThrownBy(() -> outer.executeWithoutResult(status -> {
                        context.getBean(Book.class).write(() -> {});
                        context.getBean(Thief.class).steal();
                    }))
                    .isInstanceOfSatisfying(LeaseLostException.class, lost -> assertThat(lost.phase())
                            .isEqualTo(Phase.ROLLED_BACK));
            assertThat(context.getBean(Book.class).rows()).isZero();
            assertThat(context.getBean(Locks.class).holding()).isZero();
        });
    }

    @Test
    void outerTransactionIsWarnedOfOnce() {
        real.run(context -> {
            TransactionTemplate outer = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            try (Logs logs = new Logs()) {
                outer.executeWithoutResult(status -> context.getBean(Book.class).write(() -> {}));
                outer.executeWithoutResult(status -> context.getBean(Book.class).write(() -> {}));

                assertThat(logs.lines())
                        .filteredOn(line -> line.startsWith("WARNING: "))
                        .singleElement()
                        .asString()
                        .contains("Lock 'book' was taken in a transaction, and is held until that is over");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE})
    void outerTransactionOnASnapshotIsRefused(int isolation) {
        real.run(context -> {
            TransactionTemplate outer = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            outer.setIsolationLevel(isolation);

            assertThatThrownBy(() -> outer.executeWithoutResult(
                            status -> context.getBean(Book.class).write(() -> {})))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("snapshot may be older than the lock");
            assertThat(context.getBean(Book.class).rows()).isZero();
        });
    }

    @Test
    void outerTransactionCanBeForbidden() {
        real.withPropertyValues("stanchion.locks.book.tx=forbid").run(context -> {
            TransactionTemplate outer = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));

            assertThatThrownBy(() -> outer.executeWithoutResult(
                            status -> context.getBean(Book.class).write(() -> {})))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("which its policy forbids");
            context.getBean(Book.class).write(() -> {});
            assertThat(context.getBean(Book.class).rows()).isEqualTo(1);
        });
    }

    @Test
    void outerTransactionCanBeIgnored() {
        real.withPropertyValues("stanchion.locks.book.tx=ignore")
                .run(context -> new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                        .executeWithoutResult(status -> {
                            context.getBean(Book.class).write(() -> {});
                            assertThat(context.getBean(Locks.class).holding()).isZero();
                        }));
    }

    @Test
    void thereNeedBeNoTransactions() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .run(context -> assertThat(context).hasSingleBean(Locks.class).hasNotFailed());
    }

    private void losing(ContextConsumer<AssertableApplicationContext> test) {
        losing("lease=30s", test);
    }

    private void losing(String setting, ContextConsumer<AssertableApplicationContext> test) {
        driven.withPropertyValues("stanchion.locks.book." + setting).run(test);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Database {

        @Bean(destroyMethod = "shutdown")
        DataSource dataSource() {
            DataSource made = new EmbeddedDatabaseBuilder()
                    .setType(EmbeddedDatabaseType.H2)
                    .generateUniqueName(true)
                    .build();
            new JdbcTemplate(made).execute("create table line (number int)");
            return made;
        }

        @Bean
        DataSourceTransactionManager transactionManager(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }
    }

    /** Hears what locks tell. */
    static class Heard implements GuardListener {

        private final List<GuardEvent> events = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(GuardEvent event) {
            events.add(event);
        }

        List<GuardEvent> of(Class<? extends GuardEvent> type) {
            return events.stream().filter(type::isInstance).toList();
        }
    }

    /** Another process, that takes the lock once its lease has run out. */
    static class Thief {

        private final Locks locks;
        private final VirtualClock clock;

        Thief(AtomicStore store, VirtualClock clock) {
            this.clock = clock;
            this.locks = Locks.builder(LockPolicies.of(Map.of()), store)
                    .drivenBy(() -> TimeUnit.MICROSECONDS.toNanos(clock.micros()))
                    .sleeper(new VirtualSleeper(clock))
                    .build();
        }

        void steal() {
            clock.set(clock.instant().plusSeconds(34));
            assertThat(locks.acquireAsync("book").join().isHeld()).isTrue();
        }
    }

    public static class Book {

        private final JdbcTemplate jdbc;

        Book(DataSource dataSource) {
            this.jdbc = new JdbcTemplate(dataSource);
        }

        @WithLock("book")
        @Transactional
        public void write(Runnable then) {
            jdbc.update("insert into line values (1)");
            then.run();
        }

        @WithLock("book")
        public void locked(Runnable body) {
            body.run();
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void writeAnew() {
            jdbc.update("insert into line values (1)");
        }

        @WithLock("book")
        public int countLocked() {
            return rows();
        }

        public int rows() {
            Integer rows = jdbc.queryForObject("select count(*) from line", Integer.class);
            return rows == null ? 0 : rows;
        }
    }
}
