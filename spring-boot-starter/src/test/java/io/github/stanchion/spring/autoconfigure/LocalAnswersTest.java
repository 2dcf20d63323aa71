package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.limit.RateSource;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Refusals that an application remembers, permits that it leases, and its share while the store is away, as its properties say. */
class LocalAnswersTest {

    private final VirtualClock clock = new VirtualClock();
    private final MemoryStore store = MemoryStore.builder().clock(clock).build();
    /** No memory store to its context, and nothing that the context closes. */
    private final FaultyStore shared = new FaultyStore(store, new VirtualSleeper(clock));

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MetricsAutoConfiguration.class,
                    StanchionAutoConfiguration.class,
                    StanchionMetricsAutoConfiguration.class))
            .withBean(SimpleMeterRegistry.class)
            .withInitializer(context -> context.getBeanFactory().registerSingleton("store", shared))
            .withInitializer(context -> context.getBeanFactory().registerSingleton("clock", clock))
            .withBean(VirtualSleeper.class, clock);

    private static RateSource exhausted(RateLimiters limiters, String key) {
        while (limiters.tryAcquire("a", key).admitted()) {
            assertThat(limiters.policies().get("a").capacity()).isLessThan(100);
        }
        return limiters.tryAcquire("a", key).source();
    }

    @Test
    void refusalsAreRememberedWhereTheSettingSaysSo() {
        contexts.withPropertyValues("stanchion.rate-limits.a.limit=2/1h")
                .run(context -> assertThat(exhausted(context.getBean(RateLimiters.class), "x"))
                        .isEqualTo(RateSource.STORE));
        contexts.withPropertyValues("stanchion.rate-limits.a.limit=2/1h", "stanchion.rate-limits.a.denial-cache=on")
                .run(context -> {
                    assertThat(exhausted(context.getBean(RateLimiters.class), "x"))
                            .isEqualTo(RateSource.CACHE);
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("stanchion.rate.decisions")
                                    .tags("name", "a", "outcome", "rejected", "source", "cache")
                                    .functionCounter()
                                    .count())
                            .isPositive();
                });
    }

    @Test
    void ageAndNumberOfWhatIsRememberedAreTheProperties() {
        contexts.withPropertyValues(
                        "stanchion.rate-limits.a.limit=2/1h",
                        "stanchion.rate-limits.a.denial-cache=on",
                        "stanchion.rate-limiting.denial-cache.max-age=300ms",
                        "stanchion.rate-limiting.denial-cache.max-entries=1")
                .run(context -> {
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    assertThat(exhausted(limiters, "x")).isEqualTo(RateSource.CACHE);
                    clock.advance(Duration.ofMillis(299));
                    assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.CACHE);
                    clock.advance(Duration.ofMillis(1));
                    assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
                    assertThat(exhausted(limiters, "y")).isEqualTo(RateSource.CACHE);
                    assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
                });
    }

    @Test
    void leasedPermitsAreShownAndGoBackWhenTheApplicationEnds() {
        contexts.withPropertyValues(
                        "stanchion.rate-limits.a.limit=1000/1h",
                        "stanchion.rate-limits.a.lease.permits=50",
                        "stanchion.rate-limits.a.lease.ttl=1s")
                .run(context -> {
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    for (int i = 0; i < 40; i++) {
                        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
                    }
                    clock.advance(Duration.ofMillis(999));
                    assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.LEASE);
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("stanchion.rate.leased")
                                    .tag("name", "a")
                                    .gauge()
                                    .value())
                            .isEqualTo((double) limiters.leased("a"))
                            .isPositive();
                    assertThat(remaining()).isEqualTo(1_000 - 41 - limiters.leased("a"));
                });
        assertThat(remaining()).isEqualTo(1_000 - 41);
    }

    @Test
    void shareWhileTheStoreIsAwayIsThatOfTheExpectedInstances() {
        Map.of("1", 10, "2", 5, "3", 3).forEach((instances, share) -> contexts.withPropertyValues(
                        "stanchion.rate-limits.a.limit=10/1h",
                        "stanchion.rate-limiting.expected-instances=" + instances)
                .run(context -> {
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    shared.failNext(20);
                    int admitted = 0;
                    for (int i = 0; i < 20; i++) {
                        RateLimitVerdict verdict = limiters.tryAcquire("a", "x");
                        assertThat(verdict.source()).isEqualTo(RateSource.LOCAL);
                        admitted += verdict.admitted() ? 1 : 0;
                    }
                    assertThat(admitted).as("of %s instances", instances).isEqualTo(share);
                }));
    }

    private long remaining() {
        return RateLimiters.builder(RateLimitPolicies.of(Map.of("a", RateLimitSettings.of("1000/1h"))), store)
                .build()
                .peek("a", "x")
                .remaining();
    }
}
