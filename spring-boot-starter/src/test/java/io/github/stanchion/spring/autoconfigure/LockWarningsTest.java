package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.spring.web.ServletPrincipal;
import java.security.Principal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.ReactiveTransaction;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the start says of locks that work but hardly as meant. */
class LockWarningsTest {

    private static final String LATE_CACHE =
            "is asked inside of its lock, order 1000, so that hits wait for the lock too";

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withBean(ServletPrincipal.class, () -> new ServletPrincipal(() -> null));

    @Test
    void cacheInsideOfALock() {
        assertThat(warnings(Cached.class, LastCaching.class))
                .singleElement()
                .asString()
                .contains("Cache of Cached.cached " + LATE_CACHE, "set an order below 1000 in @EnableCaching");
        assertThat(warnings(Cached.class, LevelCaching.class))
                .singleElement()
                .asString()
                .contains(LATE_CACHE);
    }

    @Test
    void cacheOutsideOfALockIsFine() {
        assertThat(warnings(Cached.class, EarlyCaching.class)).isEmpty();
    }

    @Test
    void cachesThatAreNotReadUnderALockAreFine() {
        assertThat(warnings(Evicting.class, LastCaching.class)).isEmpty();
    }

    @Test
    void principalWhoseResultsAreShared() {
        assertThat(warnings(Shared.class)).hasSize(4);
        assertThat(warnings(Shared.class))
                .anySatisfy(line -> assertThat(line)
                        .contains("Lock 'prices' on Shared.byPrincipal shares results between users, though parameter"
                                + " 'who' tells it who is logged in; add \"#principal\" to its key"))
                .anyMatch(line -> line.contains("Shared.byAuthentication") && line.contains("parameter 'who'"))
                .anyMatch(line -> line.contains("Shared.byAnnotation") && line.contains("parameter 'name'"))
                .anyMatch(line -> line.contains("Shared.byExpression") && line.contains("though @Cacheable"));
    }

    @Test
    void principalInTheKeySharesNothing() {
        assertThat(warnings(Apart.class)).isEmpty();
        assertThat(warnings(Shared.class, "stanchion.locks.prices.key=#principal"))
                .isEmpty();
    }

    @Test
    void principalNeedsNoSpringSecurity() {
        FilteredClassLoader without = new FilteredClassLoader("org.springframework.security");
        assertThat(warnings(contexts.withClassLoader(without).withBean(Apart.class)))
                .isEmpty();
    }

    @Test
    void reactiveTransactionsAreNotVetoed() {
        assertThat(warnings(Reactive.class, ReactiveTransactions.class))
                .singleElement()
                .asString()
                .startsWith("WARNING: Locks do not veto reactive transactions: what ")
                .contains("Reactive.mono", "Reactive.flux", "hand the fencing token to what it writes to")
                .doesNotContain("Reactive.known", "Reactive.limited");
    }

    @Test
    void withoutReactiveTransactionsThereIsNothingToSay() {
        assertThat(warnings(Reactive.class)).isEmpty();
        assertThat(warnings(Cached.class, ReactiveTransactions.class)).isEmpty();
    }

    private List<String> warnings(Class<?> bean, Class<?>... configurations) {
        return warnings(contexts.withBean(bean).withUserConfiguration(configurations));
    }

    private List<String> warnings(Class<?> bean, String... properties) {
        return warnings(contexts.withBean(bean).withPropertyValues(properties));
    }

    private List<String> warnings(Class<?> bean) {
        return warnings(contexts.withBean(bean));
    }

    private static List<String> warnings(ApplicationContextRunner application) {
        try (Logs logs = new Logs()) {
            application.run(context -> assertThat(context).hasNotFailed());
            return logs.lines().stream()
                    .filter(line -> line.startsWith("WARNING: "))
                    .toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Caches {

        @Bean
        ConcurrentMapCacheManager caches() {
            return new ConcurrentMapCacheManager();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class LastCaching extends Caches {}

    @Configuration(proxyBeanMethods = false)
    @EnableCaching(order = 1000)
    static class LevelCaching extends Caches {}

    @Configuration(proxyBeanMethods = false)
    @EnableCaching(order = 999)
    static class EarlyCaching extends Caches {}

    @Configuration(proxyBeanMethods = false)
    static class ReactiveTransactions {

        @Bean
        ReactiveTransactionManager transactions() {
            return new NoTransactions();
        }
    }

    /** Begins none. */
    private static final class NoTransactions implements ReactiveTransactionManager {

        @Override
        public Mono<ReactiveTransaction> getReactiveTransaction(TransactionDefinition definition) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<Void> commit(ReactiveTransaction transaction) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<Void> rollback(ReactiveTransaction transaction) {
            return Mono.error(new UnsupportedOperationException());
        }
    }

    public static class Cached {

        @WithLock("cached")
        @Cacheable("cached")
        public String cached() {
            return "";
        }
    }

    public static class Evicting {

        @WithLock("evicting")
        @CacheEvict("cached")
        public void evict() {}

        @Cacheable("cached")
        public String cached() {
            return "";
        }

        @WithLock("locked")
        public String locked() {
            return "";
        }
    }

    public static class Shared {

        @WithLock(name = "prices", key = "#sku", onContention = OnContention.SINGLE_FLIGHT)
        public String byPrincipal(String sku, Principal who) {
            return sku;
        }

        @WithLock(name = "prices", key = "#sku", onContention = OnContention.SINGLE_FLIGHT)
        public String byAuthentication(String sku, Authentication who) {
            return sku;
        }

        @WithLock(name = "prices", key = "#sku", onContention = OnContention.SINGLE_FLIGHT)
        public String byAnnotation(String sku, @AuthenticationPrincipal(expression = "name") String name) {
            return sku;
        }

        @WithLock(name = "prices", key = "#sku", onContention = OnContention.SINGLE_FLIGHT)
        @Cacheable(cacheNames = "prices", key = "#principal + #sku")
        public String byExpression(String sku) {
            return sku;
        }

        @WithLock(name = "prices", key = "#sku", onContention = OnContention.SINGLE_FLIGHT)
        @RateLimited(name = "prices", limit = "9/1s", key = "#principal")
        public String limitedByPrincipal(String sku) {
            return sku;
        }
    }

    public static class Apart {

        @WithLock(name = "one", key = "#sku", onContention = OnContention.SINGLE_FLIGHT)
        public String forAll(String sku) {
            return sku;
        }

        @WithLock(
                name = "two",
                key = {"#sku", "#who.name"},
                onContention = OnContention.SINGLE_FLIGHT)
        public String byParameter(String sku, Principal who) {
            return sku;
        }

        @WithLock(
                name = "three",
                key = {"#sku", "#p1.name"},
                onContention = OnContention.SINGLE_FLIGHT)
        public String byIndex(String sku, Principal who) {
            return sku;
        }

        @WithLock(name = "four", key = "#sku")
        public String excluded(String sku, Principal who) {
            return sku;
        }
    }

    public static class Reactive {

        @WithLock("mono")
        public Mono<String> mono() {
            return Mono.empty();
        }

        @WithLock("flux")
        public Flux<String> flux() {
            return Flux.empty();
        }

        @WithLock(name = "known", tx = LockTransactions.IGNORE)
        public Mono<String> known() {
            return Mono.empty();
        }

        @RateLimited(name = "prices", limit = "9/1s")
        public Mono<String> limited() {
            return Mono.empty();
        }
    }
}
