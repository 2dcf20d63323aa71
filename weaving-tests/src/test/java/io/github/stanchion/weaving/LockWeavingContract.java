package io.github.stanchion.weaving;

import static io.github.stanchion.lock.LockOutcome.ACQUIRED;
import static io.github.stanchion.lock.LockOutcome.REENTERED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.guard.SystemSleeper;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.weaving.app.Cellar;
import io.github.stanchion.weaving.app.Safe;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Each call takes its lock once where the weaving reaches it: two calls of the store, none where it is entered again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LockWeavingContract {

    private final List<LockOutcome> decided = new CopyOnWriteArrayList<>();
    private Application application;
    private FaultyStore store;
    private Locks locks;
    private long callsBefore;

    /** Whether AspectJ weaves the application's classes. */
    abstract boolean woven();

    @BeforeAll
    void start() {
        application = Application.start(woven() ? "aspectj" : "proxy", Store.class, Safe.class);
        application.bean(Heard.class).into = decided;
        store = application.bean(FaultyStore.class);
        locks = application.bean(Locks.class);
    }

    @AfterAll
    void stop() {
        application.close();
    }

    @BeforeEach
    void forget() {
        decided.clear();
        callsBefore = store.calls();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(locks.holding()).isZero();
        assertThat(locks.waiting()).isZero();
    }

    private Safe safe() {
        return application.bean(Safe.class);
    }

    private void assertDecided(LockOutcome... outcomes) {
        assertThat(decided).containsExactly(outcomes);
        long taken = decided.stream().filter(ACQUIRED::equals).count();
        assertThat(store.calls() - callsBefore).isEqualTo(2 * taken);
    }

    @Test
    void publicMethodOfABeanTakesItOnce() {
        assertThat(safe().open()).isTrue();
        assertDecided(ACQUIRED);
    }

    @Test
    void selfCallWhereWoven() {
        assertThat(safe().opensItself()).isEqualTo(woven());
        assertDecided(whereWoven(ACQUIRED));
    }

    @Test
    void selfCallOfAHolderEntersAgainWhereWovenAndAsksNothing() {
        assertThat(safe().opensTwice()).isTrue();
        assertDecided(woven() ? new LockOutcome[] {ACQUIRED, REENTERED} : new LockOutcome[] {ACQUIRED});
    }

    @Test
    void plainObjectWhereWoven() {
        assertThat(new Safe().open()).isEqualTo(woven());
        assertDecided(whereWoven(ACQUIRED));
    }

    @Test
    void privateFinalAndStaticMethodsWhereWoven() {
        Cellar cellar = new Cellar();
        assertThat(cellar.opensHidden()).isEqualTo(woven());
        assertThat(cellar.sealed()).isEqualTo(woven());
        assertThat(Cellar.shared()).isEqualTo(woven());
        assertDecided(whereWoven(ACQUIRED, ACQUIRED, ACQUIRED));
    }

    @Test
    void failureIsTheMethodsOwnAndFreesTheLock() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(safe()::fails)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("jammed")
                    .hasNoSuppressedExceptions();
        }
        assertDecided(ACQUIRED, ACQUIRED);
    }

    @Test
    void callIsRefusedWhileSomebodyElseHoldsIt() {
        try (Lease held = locks.acquire("safe")) {
            assertThat(held.isHeld()).isTrue();
            CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(safe()::open);
            assertThatThrownBy(() -> other.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(LockNotAcquiredException.class);
        }
    }

    @Test
    void resultThatComesLaterHoldsItUntilThen() throws Exception {
        CompletableFuture<String> combination = new CompletableFuture<>();
        CompletableFuture<String> result = safe().opensLater(combination);
        assertThat(result).isNotDone();
        assertThat(locks.holding()).isEqualTo(1);
        assertThat(locks.tryAcquire("safe"))
                .as("by its caller, who does not hold it")
                .isNull();

        CompletableFuture.runAsync(() -> combination.complete("1234")).get(10, TimeUnit.SECONDS);
        assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("1234");
        assertThat(locks.holding()).isZero();
        assertThat(decided).startsWith(ACQUIRED);
        assertThat(store.calls() - callsBefore).as("a try in vain included").isLessThanOrEqualTo(3);
    }

    private LockOutcome[] whereWoven(LockOutcome... outcomes) {
        return woven() ? outcomes : new LockOutcome[0];
    }

    /** A store that counts, and who listens. */
    @Configuration(proxyBeanMethods = false)
    static class Store {

        @Bean
        FaultyStore store() {
            return new FaultyStore(MemoryStore.create(), new SystemSleeper());
        }

        @Bean
        Heard heard() {
            return new Heard();
        }

        @Bean
        GuardListener lockListener(Heard heard) {
            return event -> {
                if (event instanceof LockEvent.Decided decision) {
                    heard.into.add(decision.outcome());
                }
            };
        }
    }

    static final class Heard {
        private List<LockOutcome> into = new CopyOnWriteArrayList<>();
    }
}
