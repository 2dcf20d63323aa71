package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitVerdict;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What calls meet with while the server goes away under them and comes back: 64 threads, a quarter of them on each policy. */
@Timeout(120)
class OutageTest {

    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final long SLACK_MILLIS = 50;
    private static final int AMPLE = 100_000_000;
    private static final int LIMIT = 1_000;
    private static final int INSTANCES = 2;

    private final Map<FailurePolicy, Load> loads = new EnumMap<>(FailurePolicy.class);
    private OwnRedis redis;
    private Instance instance;

    @BeforeEach
    void open() {
        redis = OwnRedis.start();
        instance = instance();
    }

    private Instance instance() {
        return Instance.open(
                RedisStore.builder(RedisURI.create(redis.uri())).commandTimeout(TIMEOUT),
                RedisUnderTest.prefix(),
                INSTANCES,
                Map.of(
                        "LOCAL", limit(AMPLE, FailurePolicy.LOCAL),
                        "OPEN", limit(AMPLE, FailurePolicy.OPEN),
                        "CLOSED", limit(AMPLE, FailurePolicy.CLOSED),
                        "THROW", limit(AMPLE, FailurePolicy.THROW),
                        "tight", limit(LIMIT, FailurePolicy.LOCAL),
                        "strict", limit(LIMIT, FailurePolicy.THROW)));
    }

    private static RateLimitSettings limit(int permits, FailurePolicy policy) {
        return RateLimitSettings.builder()
                .algorithm(RateAlgorithm.INTERVAL)
                .limit(permits + "/1d")
                .onStoreFailure(policy)
                .build();
    }

    @AfterEach
    void close() {
        loads.values().forEach(Load::close);
        instance.close();
        redis.close();
    }

    /** A short outage beforehand: what is measured is not how long this JVM takes to load classes. */
    private void rehearse() {
        redis.kill();
        askUntil(load -> load.awaitWithoutStore(100));
        redis.restart();
        askUntil(load -> load.awaitStore(100));
    }

    private void askUntil(Consumer<Load> condition) {
        for (FailurePolicy policy : FailurePolicy.values()) {
            try (Load load = Load.start(4, () -> instance.ask(policy.name(), "warm"))) {
                condition.accept(load);
            }
        }
    }

    @Test
    void killedServerCostsACallAtMostOneTimeoutAndTheLimitIsSharedAgainOnceItIsBack() {
        outage(OwnRedis::kill, OwnRedis::restart);
    }

    @Test
    void hungServerCostsACallAtMostOneTimeoutAndTheLimitIsSharedAgainOnceItGoesOn() {
        outage(OwnRedis::stop, OwnRedis::cont);
    }

    private void outage(Consumer<OwnRedis> begin, Consumer<OwnRedis> end) {
        rehearse();
        long breakers = instance.outages().breakers();
        for (FailurePolicy policy : FailurePolicy.values()) {
            loads.put(policy, Load.start(16, () -> instance.ask(policy.name(), "alice")));
        }
        loads.values().forEach(load -> load.awaitStore(200));

        loads.values().forEach(Load::measure);
        begin.accept(redis);
        loads.values().forEach(load -> load.awaitWithoutStore(1_000));
        end.accept(redis);
        long back = System.nanoTime();
        loads.values().forEach(load -> load.awaitStore(1));
        long awayMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - back);
        loads.values().forEach(load -> load.awaitStore(200));
        loads.values().forEach(Load::end);
        // One, unless the machine is so busy that replies come too late before or afterwards too.
        breakers = instance.outages().breakers() - breakers;

        assertThat(awayMillis).as("until the limit is shared again").isLessThanOrEqualTo(2_000);
        assertThat(breakers).isPositive();
        for (Map.Entry<FailurePolicy, Load> each : loads.entrySet()) {
            FailurePolicy policy = each.getKey();
            Load load = each.getValue();

            assertThat(load.surprises()).as("errors under %s", policy).isEmpty();
            assertThat(load.mostTimeouts())
                    .as("timeouts of a thread under %s", policy)
                    .isLessThanOrEqualTo(breakers);
            assertThat(load.longestMillis())
                    .as("longest call under %s", policy)
                    .isLessThanOrEqualTo(TIMEOUT.toMillis() + SLACK_MILLIS);
        }
        assertThat(loads.get(FailurePolicy.LOCAL).errors()).isEmpty();
        assertThat(loads.get(FailurePolicy.LOCAL).localAdmitted()).isGreaterThanOrEqualTo(1_000);
        assertThat(loads.get(FailurePolicy.OPEN).errors()).isEmpty();
        assertThat(loads.get(FailurePolicy.OPEN).open()).isGreaterThanOrEqualTo(1_000);
        assertThat(loads.get(FailurePolicy.CLOSED).errors()).hasSizeGreaterThanOrEqualTo(1_000);
        assertThat(loads.get(FailurePolicy.THROW).errors()).hasSizeGreaterThanOrEqualTo(1_000);
        assertShared();
    }

    @Test
    void eachInstanceAllowsItsShareWhileTheServerIsAway() {
        try (Instance other = instance()) {
            redis.kill();

            for (Instance each : List.of(instance, other)) {
                assertThat(Stream.generate(() -> each.ask("tight", "alice"))
                                .limit(2 * LIMIT)
                                .filter(RateLimitVerdict::admitted))
                        .hasSize(LIMIT / INSTANCES);
            }
        }
    }

    /** A limit that nobody has used yet admits exactly what it allows, though all ask at once. */
    private void assertShared() {
        try (Load load = Load.start(64, () -> instance.ask("strict", "bob"))) {
            load.awaitStore(2 * LIMIT);
            load.end();
            assertThat(load.storeAdmitted())
                    .isBetween((long) LIMIT - load.errors().size(), (long) LIMIT);
        }
    }
}
