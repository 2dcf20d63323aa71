package io.github.stanchion.spring.test.shop;

import static io.github.stanchion.spring.test.GuardAssertions.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.spring.test.AutoConfigureStanchion;
import io.github.stanchion.spring.test.GuardTester;
import io.github.stanchion.spring.test.GuardsOff;
import io.github.stanchion.spring.test.GuardsOn;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.testkit.FaultyStore;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;

/** Guards that are off for a test let everything through, in the context of those that are on. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureStanchion
class GuardsOffTest {

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
    private GuardTester guards;

    @BeforeEach
    void remember(@Autowired ApplicationContext context) {
        CONTEXTS.add(context);
    }

    @AfterAll
    static void inOneContext() {
        assertThat(CONTEXTS).hasSize(1);
    }

    private boolean limitsSearch() {
        boolean refused = false;
        for (int i = 0; i < 5; i++) {
            refused |= !limiters.tryAcquire("search", "bob").admitted();
        }
        return refused;
    }

    private boolean limitsUnnamed() {
        catalog.unnamed();
        try {
            catalog.unnamed();
            return false;
        } catch (RuntimeException refused) {
            return true;
        }
    }

    private boolean locksReindex() {
        return !locks.acquire("reindex", "a").fencingTokens().isEmpty();
    }

    @Test
    void guardsAreReal() {
        assertThat(limitsSearch()).isTrue();
        assertThat(limitsUnnamed()).isTrue();
        assertThat(locksReindex()).isTrue();
        catalog.search("alice");
        catalog.search("alice");
        assertThatCall(() -> catalog.search("alice")).isRejectedBy("search");
    }

    @Test
    @GuardsOff
    void allAreOff() throws Exception {
        assertThat(limitsSearch()).isFalse();
        assertThat(limitsUnnamed()).isFalse();
        assertThat(locksReindex()).isFalse();
        for (int i = 0; i < 10; i++) {
            catalog.search("bob");
            assertThat(catalog.locked("a", () -> "in")).isEqualTo("in");
        }
        assertThat(store.calls()).isZero();
        assertThat(counters.increment("bob", Ttl.onCreate(Duration.ofHours(1))).value())
                .isEqualTo(1);
        assertThatThrownBy(() -> guards.exhaust("search", "bob"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Rate limit 'search' is switched off, so there is nothing to exhaust");
        assertThatThrownBy(() -> guards.holdLock("reindex", "a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Lock 'reindex' is switched off, so nobody can hold it");
    }

    @Test
    @GuardsOff({"Search", "Catalog#unnamed()"})
    void someAreOff() {
        assertThat(limitsSearch()).isFalse();
        assertThat(limitsUnnamed()).isFalse();
        assertThat(locksReindex()).isTrue();
    }

    @Test
    @GuardsOff
    @GuardsOn("search")
    void allButOneAreOff() {
        assertThat(limitsSearch()).isTrue();
        assertThat(limitsUnnamed()).isFalse();
        assertThat(locksReindex()).isFalse();
    }

    @Test
    @GuardsOn
    @GuardsOff("search")
    void whatNamesAGuardDecidesAboutIt() {
        assertThat(limitsSearch()).isFalse();
        assertThat(locksReindex()).isTrue();
    }

    @Test
    @Unlimited
    void annotationsOfOnesOwnWork() {
        assertThat(limitsSearch()).isFalse();
        assertThat(locksReindex()).isTrue();
    }

    @Nested
    @GuardsOff
    class OfAClass {

        @Test
        void isOfItsMethods() {
            assertThat(limitsSearch()).isFalse();
            assertThat(locksReindex()).isFalse();
        }

        @Test
        @GuardsOn("reindex")
        void exceptWhereTheySayOtherwise() {
            assertThat(limitsSearch()).isFalse();
            assertThat(locksReindex()).isTrue();
        }

        @Test
        @GuardsOn
        void orAllOtherwise() {
            assertThat(limitsSearch()).isTrue();
            assertThat(locksReindex()).isTrue();
        }

        @Nested
        @GuardsOn("search")
        class AndOfThoseInIt {

            @Test
            void whichMayDiffer() {
                assertThat(limitsSearch()).isTrue();
                assertThat(locksReindex()).isFalse();
            }

            @Test
            @GuardsOff("search")
            void asMayTheirMethods() {
                assertThat(limitsSearch()).isFalse();
            }
        }
    }

    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    @GuardsOff("search")
    @interface Unlimited {}
}
