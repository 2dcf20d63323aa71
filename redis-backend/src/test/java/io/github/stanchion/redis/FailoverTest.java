package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.limit.RateLimitSettings;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a limit admits while its replica takes over under load: as much as it allows, and once more what the former primary
 * admitted and never replicated.
 */
@Timeout(120)
class FailoverTest {

    private static final int THREADS = 32;
    private static final long LIMIT = 10_000;

    private RedisSentinel redis;
    private Instance instance;
    private Load load;

    @BeforeEach
    void open() {
        redis = RedisSentinel.start();
        instance = Instance.open(
                RedisStore.builder(RedisURI.create(redis.uri())).commandTimeout(Duration.ofMillis(300)),
                Map.of(
                        "limit",
                        RateLimitSettings.builder()
                                .algorithm(RateAlgorithm.INTERVAL)
                                .limit(LIMIT + "/1d")
                                .build()));
        load = Load.start(THREADS, () -> instance.ask("limit", "alice"));
        load.awaitStore(500);
    }

    @AfterEach
    void close() {
        load.close();
        instance.close();
        redis.close();
    }

    @Test
    void replicaOfAHungPrimaryGoesOnFromWhatItHas() {
        OwnRedis former = redis.primary();
        OwnRedis next = redis.replica();

        former.stop();
        long replicated = settled(next);
        redis.awaitPrimary(next);
        drain();
        former.cont();

        long lost = used(former.uri()) - replicated;
        assertThat(lost).as("lost writes").isNotNegative();
        assertAdmitted(lost, lost + LIMIT - THREADS * instance.outages().breakers());
    }

    @Test
    void cutOffPrimaryAdmitsWhileItsClientsFindItAndNoLonger() {
        OwnRedis next = redis.replica();
        redis.cutOff();
        long replicated = settled(next);
        redis.awaitPrimary(next);
        load.awaitStore(500);

        redis.heal();
        long lost = load.storeAdmitted() - replicated;
        drain();

        assertThat(lost).as("lost writes").isPositive();
        assertAdmitted(lost, LIMIT);
    }

    /** What the replica has received in the end of a primary that sends no more. */
    private long settled(OwnRedis replica) {
        long used = used(replica.uri());
        for (long before = -1; before != used; ) {
            before = used;
            used = used(replica.uri());
        }
        return used;
    }

    private long used(String server) {
        try (RedisStore direct = RedisStore.builder(RedisURI.create(server))
                .commandTimeout(Duration.ofSeconds(20))
                .build()) {
            return LIMIT - instance.remainingIn(direct, "limit", "alice");
        }
    }

    private void drain() {
        long refused = load.storeRefused();
        Load.await("the limit is used up", () -> load.storeRefused() > refused);
        load.end();
    }

    private void assertAdmitted(long lost, long least) {
        assertThat(load.errors()).isEmpty();
        assertThat(load.storeAdmitted()).as("admitted by Redis").isBetween(least, LIMIT + lost);
        assertThat(load.localAdmitted())
                .as("admitted meanwhile")
                .isLessThanOrEqualTo(LIMIT * instance.outages().degraded("limit"));
    }
}
