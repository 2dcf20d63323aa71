package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.redis.OwnRedis;
import io.github.stanchion.redis.RedisStoreStats;
import io.github.stanchion.spring.actuate.StanchionEndpoint;
import io.github.stanchion.spring.redis.RedisStoreLifecycle;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.Ttl;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What each key of {@code stanchion.redis} does, and what meters and the endpoint tell of the store. */
class RedisSettingsTest {

    private static final int CALLS = 500;

    private final OwnRedis redis = OwnRedis.start();
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    StanchionAutoConfiguration.class,
                    StanchionRedisAutoConfiguration.class,
                    StanchionMetricsAutoConfiguration.class,
                    StanchionActuatorAutoConfiguration.class,
                    MetricsAutoConfiguration.class))
            .withBean(SimpleMeterRegistry.class)
            .withPropertyValues(
                    "stanchion.redis.uri=" + redis.uri(),
                    "stanchion.redis.command-timeout=20s",
                    "stanchion.redis.connect-timeout=20s");

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void commandTimeoutBoundsACall() {
        contexts.withPropertyValues("stanchion.redis.command-timeout=300ms").run(context -> {
            AtomicCounters counters = context.getBean(AtomicCounters.class);
            warmUp(counters);
            redis.stop();

            assertThatThrownBy(() -> counters.increment("k", Ttl.none()))
                    .isInstanceOf(StoreTimeoutException.class)
                    .hasMessageContaining("within 300 ms");
            redis.cont();
        });
    }

    /** The first calls of a process load classes, which takes its time. */
    private static void warmUp(AtomicCounters counters) {
        for (boolean warm = false; !warm; ) {
            try {
                counters.increment("warm", Ttl.none());
                warm = true;
            } catch (StoreTimeoutException | StoreUnreachableException cold) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void connectTimeoutBoundsTheStart() {
        redis.stop();
        try (Logs logs = new Logs()) {
            contexts.withPropertyValues("stanchion.redis.connect-timeout=300ms")
                    .withBean(Search.class)
                    .run(context -> assertThat(context).hasNotFailed());
            assertThat(logs.lines())
                    .filteredOn(line -> line.startsWith("WARNING: Redis cannot be reached"))
                    .singleElement()
                    .asString()
                    .contains("300");
        }
        redis.cont();
    }

    @Test
    void callsOfOneKeyShareCommandsOnRequestOnly() {
        contexts.run(context -> assertThat(
                        incremented(context.getBean(AtomicCounters.class), context.getBean(RedisStoreLifecycle.class))
                                .coalescedCalls())
                .isZero());
        contexts.withPropertyValues("stanchion.redis.coalesce=true").run(context -> {
            RedisStoreStats stats =
                    incremented(context.getBean(AtomicCounters.class), context.getBean(RedisStoreLifecycle.class));

            assertThat(stats.coalescedCalls()).isPositive();
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("stanchion.store.coalesced.calls")
                            .functionCounter()
                            .count())
                    .isEqualTo((double) stats.coalescedCalls());
            assertThat(meters.get("stanchion.store.coalesced.batches")
                            .functionCounter()
                            .count())
                    .isEqualTo((double) stats.coalescedBatches());
        });
    }

    private static RedisStoreStats incremented(AtomicCounters counters, RedisStoreLifecycle lifecycle) {
        String key = "k" + System.identityHashCode(counters);
        CompletableFuture<?>[] calls = IntStream.range(0, CALLS)
                .mapToObj(i -> counters.incrementAsync(key, Ttl.none()).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(calls).join();
        assertThat(counters.get(key).value()).isEqualTo(CALLS);
        return lifecycle.stats();
    }

    @Test
    void metersShowWhatTheStoreDoesWithZeroFromTheStart() {
        contexts.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            for (String meter : List.of("trips", "scripts.loaded", "late", "signals", "gaps")) {
                assertThat(counted(meters, meter)).as(meter).isZero();
            }
            assertThat(meters.get("stanchion.store.undone").functionCounters())
                    .extracting(counter -> counter.getId().getTag("outcome"))
                    .containsExactlyInAnyOrder("done", "failed");

            context.getBean(AtomicCounters.class).increment("k", Ttl.none());
            context.getBean(AtomicCounters.class).increment("k", Ttl.none());

            RedisStoreStats stats = context.getBean(RedisStoreLifecycle.class).stats();
            assertThat(counted(meters, "trips"))
                    .isEqualTo((double) stats.trips())
                    .isGreaterThanOrEqualTo(2);
            assertThat(counted(meters, "scripts.loaded"))
                    .isEqualTo((double) stats.scriptsLoaded())
                    .isPositive();
            assertThat(meters.get("stanchion.store.breaker").gauge().value()).isZero();
            redis.kill();
            assertThatThrownBy(() -> context.getBean(AtomicCounters.class).get("k"))
                    .isInstanceOf(StoreException.class);
            // A connection of some age is opened anew first; that fails, too.
            await().untilAsserted(() -> assertThat(
                            meters.get("stanchion.store.breaker").gauge().value())
                    .isEqualTo(1));
        });
    }

    @Test
    void callsAreTimedByOperationAndOutcome() {
        contexts.run(context -> {
            AtomicCounters counters = context.getBean(AtomicCounters.class);
            counters.increment("k", Ttl.none());
            counters.incrementAsync("k", Ttl.none()).toCompletableFuture().join();
            counters.get("k");
            redis.kill();
            assertThatThrownBy(() -> counters.get("k")).isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> counters.get("k")).isInstanceOf(StoreUnreachableException.class);

            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(timed(meters, "counter.increment", "answered")).isEqualTo(2);
            assertThat(timed(meters, "counter.increment", "unknown")).isZero();
            assertThat(timed(meters, "counter.get", "answered")).isEqualTo(1);
            assertThat(timed(meters, "counter.get", "unreachable") + timed(meters, "counter.get", "unknown"))
                    .isEqualTo(2);
            assertThat(timed(meters, "counter.get", "unreachable")).isPositive();
        });
    }

    private static long timed(MeterRegistry meters, String operation, String outcome) {
        return meters.get("stanchion.store.calls")
                .tags("store", "redis", "operation", operation, "outcome", outcome)
                .timer()
                .count();
    }

    @Test
    void countsGoOnOverAStopAndAStart() {
        contexts.run(context -> {
            RedisStoreLifecycle lifecycle = context.getBean(RedisStoreLifecycle.class);
            for (int i = 0; i < 20; i++) {
                context.getBean(AtomicCounters.class).increment("k", Ttl.none());
            }

            lifecycle.stop();
            // What looks at the server at the start, in the background, counts too.
            long trips = lifecycle.stats().trips();
            assertThat(trips).isGreaterThanOrEqualTo(20);
            lifecycle.start();
            context.getBean(AtomicCounters.class).increment("k", Ttl.none());

            assertThat(lifecycle.stats().trips()).isGreaterThan(trips);
        });
    }

    @Test
    void endpointTellsOfTheStoreAndDoesNotConnectForIt() {
        contexts.withPropertyValues("management.endpoints.web.exposure.include=stanchion")
                .run(context -> {
                    StanchionEndpoint endpoint = context.getBean(StanchionEndpoint.class);
                    assertThat(store(endpoint).get("type")).isEqualTo("redis");
                    assertThat(store(endpoint).get("state")).isEqualTo("unused");
                    assertThat(store(endpoint).get("local")).isNotNull();

                    context.getBean(AtomicCounters.class).increment("k", Ttl.none());

                    assertThat(store(endpoint).get("reachable")).isEqualTo(true);
                    assertThat((List<?>) store(endpoint).get("capabilities"))
                            .asString()
                            .isEqualTo("[fencing, joint, retains, scan, shared, signals, store-clock]");
                });
    }

    private static Map<?, ?> store(StanchionEndpoint endpoint) {
        return (Map<?, ?>) endpoint.overview().get("store");
    }

    private static double counted(MeterRegistry meters, String meter) {
        return meters.get("stanchion.store." + meter)
                .tag("store", "redis")
                .functionCounter()
                .count();
    }

    public static class Search {

        @RateLimited(limit = "2/1h")
        public String find(String text) {
            return text;
        }
    }
}
