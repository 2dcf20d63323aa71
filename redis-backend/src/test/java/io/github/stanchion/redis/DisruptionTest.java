package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.limit.RateLimitSettings;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a limit admits while an administrator is at work under load: exactly what it allows, and no caller sees an error. */
@Timeout(120)
class DisruptionTest {

    private static final int THREADS = 32;
    private static final long LIMIT = 5_000;

    private static Instance instance(RedisStoreBuilder store, Duration timeout) {
        return Instance.open(
                store.commandTimeout(timeout),
                Map.of(
                        "limit",
                        RateLimitSettings.builder()
                                .algorithm(RateAlgorithm.INTERVAL)
                                .limit(LIMIT + "/1d")
                                .build()));
    }

    private static void drain(Load load) {
        Load.await("the limit is used up", () -> load.storeRefused() > 0);
        load.end();
    }

    @Test
    void forgottenScriptsAreBroughtAgainAndNothingIsChargedTwice() {
        try (OwnRedis redis = OwnRedis.start();
                Instance instance = instance(RedisStore.builder(RedisURI.create(redis.uri())), Duration.ofSeconds(20));
                Load load = Load.start(THREADS, () -> instance.ask("limit", "alice"))) {
            load.awaitStore(100);
            redis.resetStats();
            int flushes = 5;
            for (int i = 0; i < flushes; i++) {
                redis.command("SCRIPT", "FLUSH");
                load.awaitStore(300);
            }
            drain(load);

            assertThat(load.withoutStore()).isZero();
            assertThat(load.storeAdmitted()).isEqualTo(LIMIT);
            assertThat(redis.commandStats().get("eval")).isBetween((long) flushes, (long) flushes * THREADS);
        }
    }

    @Test
    void pausedServerIsWaitedForOnceAndThenDoneWithout() {
        try (OwnRedis redis = OwnRedis.start();
                Instance instance = instance(RedisStore.builder(RedisURI.create(redis.uri())), Duration.ofMillis(200));
                Load load = Load.start(THREADS, () -> instance.ask("limit", "alice"))) {
            load.awaitStore(100);
            redis.command("CLIENT", "PAUSE", "600");
            load.awaitWithoutStore(100);
            drain(load);

            assertThat(load.errors()).isEmpty();
            assertThat(load.storeAdmitted())
                    .isBetween(LIMIT - THREADS * instance.outages().breakers(), LIMIT);
            assertThat(load.localAdmitted())
                    .isLessThanOrEqualTo(LIMIT * instance.outages().degraded("limit"));
        }
    }

    @Test
    void movedSlotIsFollowedAndNothingIsLost() {
        try (RedisCluster cluster = RedisCluster.start(3);
                Instance instance = instance(
                        RedisStore.clusterBuilder(
                                cluster.uris().stream().map(RedisURI::create).toList()),
                        Duration.ofSeconds(20));
                Load load = Load.start(THREADS, () -> instance.ask("limit", "alice"))) {
            load.awaitStore(100);
            String tag = "{5.alice}";
            for (int moves = 0; moves < 6; moves++) {
                OwnRedis owner = cluster.ownerOf(tag);
                OwnRedis next = cluster.node((cluster.nodes().indexOf(owner) + 1) % 3);
                cluster.move(cluster.slotOf(tag), owner, next);
                load.awaitStore(100);
            }
            drain(load);

            assertThat(load.withoutStore()).isZero();
            assertThat(load.storeAdmitted()).isEqualTo(LIMIT);
        }
    }
}
