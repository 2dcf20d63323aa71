package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.SystemSleeper;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.spring.actuate.StanchionHealthIndicator;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class StanchionHealthTest {

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    StanchionAutoConfiguration.class,
                    StanchionMetricsAutoConfiguration.class,
                    StanchionActuatorAutoConfiguration.class))
            .withBean(VirtualClock.class)
            .withPropertyValues("stanchion.rate-limits.search=2/1h");

    @Test
    void isUpWithAMemoryStore() {
        contexts.run(context -> {
            context.getBean(RateLimiters.class).tryAcquire("search", "a");
            Health health = context.getBean(StanchionHealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .isEqualTo(Map.of(
                            "store", Map.of("type", "memory", "keys", 1L, "maxKeys", 100_000L, "pressure", "relaxed")));
        });
    }

    @Test
    void staysUpWhileNothingButLimitsRefuse() {
        contexts.run(context -> {
            context.getBean(RateLimiters.class).tryAcquire("search", "a", 2);
            context.getBean(RateLimiters.class).tryAcquire("search", "a", 2);

            assertThat(context.getBean(StanchionHealthIndicator.class).health().getStatus())
                    .isEqualTo(Status.UP);
        });
    }

    @Test
    void memoryPressureIsADetail() {
        contexts.withPropertyValues("stanchion.memory.max-keys=10").run(context -> {
            RateLimiters limiters = context.getBean(RateLimiters.class);
            StanchionHealthIndicator indicator = context.getBean(StanchionHealthIndicator.class);
            for (int i = 0; i < 8; i++) {
                limiters.tryAcquire("search", "caller" + i);
            }
            assertThat(pressure(indicator)).isEqualTo("crowded");
            for (int i = 8; i < 11; i++) {
                limiters.tryAcquire("search", "caller" + i);
            }
            assertThat(pressure(indicator)).isEqualTo("overflowing");
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void isDegradedFromTheFirstFailureUntilTheStoreIsBack() {
        FaultyStore store = new FaultyStore(MemoryStore.create(), new SystemSleeper());
        contexts.withBean(AtomicStore.class, () -> store)
                .withPropertyValues(
                        "stanchion.rate-limits.export.limit=2/1h",
                        "stanchion.rate-limits.export.on-store-failure=closed",
                        "stanchion.rate-limits.idle=1/1h")
                .run(context -> {
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    VirtualClock clock = context.getBean(VirtualClock.class);
                    StanchionHealthIndicator indicator = context.getBean(StanchionHealthIndicator.class);
                    store.failNext(100);
                    String since = clock.instant().toString();
                    limiters.tryAcquire("search", "a");
                    clock.advance(Duration.ofMinutes(1));
                    limiters.tryAcquire("search", "a");

                    Health health = indicator.health();
                    assertThat(health.getStatus()).isEqualTo(new Status("DEGRADED"));
                    assertThat(health.getDetails().get("rate-limits"))
                            .isEqualTo(Map.of("search", Map.of("runsOn", "local", "since", since)));
                    store.heal();
                    limiters.tryAcquire("search", "a");
                    assertThat(indicator.health().getStatus()).isEqualTo(new Status("DEGRADED"));
                    clock.advance(Duration.ofSeconds(5));
                    limiters.tryAcquire("search", "a");
                    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
                });
    }

    @Test
    void isAbsentOnRequest() {
        contexts.withPropertyValues("management.health.stanchion.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(StanchionHealthIndicator.class));
    }

    @Test
    void startsWithoutHealth() {
        contexts.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("stanchionHealthIndicator"));
    }

    @Test
    void startsWithoutActuator() {
        contexts.withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.actuate", "org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("stanchionEndpoint"));
    }

    private static Object pressure(StanchionHealthIndicator indicator) {
        return ((Map<?, ?>) indicator.health().getDetails().get("store")).get("pressure");
    }
}
