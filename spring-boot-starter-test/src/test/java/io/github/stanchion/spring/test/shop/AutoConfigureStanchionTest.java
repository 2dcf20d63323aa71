package io.github.stanchion.spring.test.shop;

import static io.github.stanchion.spring.test.GuardAssertions.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.limit.Permit;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.limit.RateSource;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.spring.test.AutoConfigureStanchion;
import io.github.stanchion.spring.test.GuardTester;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;

/** Each test begins as the first one does, whatever the one before has left behind; all of them in one context. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureStanchion
class AutoConfigureStanchionTest {

    private static final Ttl HOUR = Ttl.onCreate(Duration.ofHours(1));
    private static final Set<ApplicationContext> CONTEXTS = new HashSet<>();

    @Autowired
    private Shop.Catalog catalog;

    @Autowired
    private RateLimiters limiters;

    @Autowired
    private Locks locks;

    @Autowired
    private AtomicCounters counters;

    @Autowired
    private FaultyStore store;

    @Autowired
    private AtomicStore asked;

    @Autowired
    private GuardTester guards;

    @Autowired
    private VirtualClock clock;

    @Autowired
    private VirtualSleeper sleeper;

    @BeforeEach
    void everythingIsNew(@Autowired ApplicationContext context) {
        CONTEXTS.add(context);
        assertThat(clock.instant()).isEqualTo(VirtualClock.START);
        assertThat(sleeper.waiting()).isZero();
        assertThat(store.calls()).isZero();
        assertThat(locks.held()).isEmpty();
        assertThat(locks.isDegraded("reindex")).isFalse();
        assertThat(limiters.policies().isDegraded("search")).isFalse();
    }

    @AfterAll
    static void inOneContext() {
        assertThat(CONTEXTS).hasSize(1);
    }

    private int admitted(String user) {
        int admitted = 0;
        for (int i = 0; i < 5; i++) {
            if (limiters.tryAcquire("search", user).admitted()) {
                admitted++;
            }
        }
        return admitted;
    }

    @RepeatedTest(2)
    void limitThatIsExhaustedIsFullForTheNextTest() {
        assertThat(catalog.search("bob")).isEqualTo("bob");
        catalog.search("bob");
        assertThatCall(() -> catalog.search("bob")).isRejectedBy("search").hasRetryAfter(Duration.ofSeconds(30));

        // Refused from memory, so that what this process knows has to be forgotten too.
        assertThat(limiters.tryAcquire("search", "bob").source()).isEqualTo(RateSource.CACHE);
    }

    @RepeatedTest(2)
    void timeThatPassesFillsIt() {
        assertThat(admitted("bob")).isEqualTo(2);
        clock.advance(Duration.ofMinutes(1));
        assertThat(admitted("bob")).isEqualTo(2);
    }

    @RepeatedTest(2)
    void replyThatIsLostIsChargedOnce() {
        store.dropReplyNext(1);
        catalog.search("bob");
        guards.assertThatRateLimit("search").forKey("bob").hasRemaining(1);

        // Decided by this process's own memory, which is cleared too.
        store.failNext(2);
        catalog.search("bob");
        assertThatCall(() -> catalog.search("bob")).isRejectedBy("search");
        assertThat(limiters.policies().isDegraded("search")).isTrue();
        store.failNext(100);
    }

    @RepeatedTest(2)
    void permitsChargedAheadAreNot() {
        assertThat(limiters.leased("leased")).isZero();
        for (int i = 0; i < 20; i++) {
            limiters.tryAcquire("leased", "bob");
        }
        assertThat(limiters.leased("leased")).isPositive();
    }

    @RepeatedTest(2)
    void leasesEndWhoeverHoldsThemAndHoweverOften() {
        Lease mine = locks.acquire("reindex", "a");
        Lease again = locks.acquire("reindex", "a");
        Lease async = locks.acquireAsync("reindex", "b").join();
        Lease others = guards.holdLock("reindex", "c");

        // The first token of a lock is the store's time.
        assertThat(again.fencingToken()).isEqualTo(mine.fencingToken()).isEqualTo(clock.micros());
        assertThat(async.fencingToken()).isEqualTo(clock.micros());
        assertThat(others.fencingToken()).isEqualTo(clock.micros());
        assertThat(locks.held()).hasSize(2);
    }

    @RepeatedTest(2)
    void storeThatWasAwayIsBack() {
        store.failNext(1_000);
        assertThatThrownBy(() -> locks.acquire("reindex", "a")).isInstanceOf(StoreUnavailableException.class);
        assertThat(locks.isDegraded("reindex")).isTrue();
    }

    @RepeatedTest(2)
    void counterCountsFromZero() {
        assertThat(counters.namespace("otp").increment("bob", HOUR).value()).isEqualTo(1);
        assertThat(counters.increment("bob", HOUR).value()).isEqualTo(1);
    }

    @RepeatedTest(2)
    void whoStillWaitsGoesHome() {
        limiters.tryAcquire("export", List.of());
        CompletableFuture<Permit> permit =
                limiters.acquireAsync("export", List.of(), 1).toCompletableFuture();
        guards.holdLock("reindex", "a");
        CompletableFuture<String> waiting =
                locks.callAsync("reindex", "a", () -> CompletableFuture.completedFuture("in"));
        sleeper.awaitWaiting(2);

        assertThat(permit).isNotDone();
        assertThat(waiting).isNotDone();
    }

    @Test
    void callsOfTheTestItselfPassTheirTime() throws Exception {
        guards.holdLock("reindex", "a");
        assertThatCall(() -> catalog.locked("a", () -> "in")).isRejectedBy("reindex");
        assertThat(clock.instant()).isEqualTo(VirtualClock.START.plusSeconds(3));

        store.delayNext(1, Duration.ofSeconds(2));
        assertThat(catalog.locked("b", () -> "in")).isEqualTo("in");
        assertThat(clock.instant()).isEqualTo(VirtualClock.START.plusSeconds(5));
    }

    @Test
    void storeIsMemoryAndEveryCallPassesTheFaultyOne() {
        catalog.search("bob");
        assertThat(store.calls()).isEqualTo(1);
        assertThat(asked.keys()).isSameAs(store.keys());
    }

    @Nested
    class Inside {

        @RepeatedTest(2)
        void aNestedClassIsNoDifferent() {
            assertThat(admitted("bob")).isEqualTo(2);
        }
    }
}
