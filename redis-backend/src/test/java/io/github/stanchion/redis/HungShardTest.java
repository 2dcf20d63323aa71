package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateSource;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server of the cluster that hangs costs its own keys only. */
@Timeout(120)
class HungShardTest {

    private static final long QUICK_MILLIS = 50;

    private RedisCluster cluster;
    private OwnRedis hung;
    private String slow;
    private String quick;

    @BeforeEach
    void open() {
        cluster = RedisCluster.start(3, 0, "--cluster-node-timeout", "15000");
        hung = cluster.node(0);
        slow = subjectOn(hung);
        quick = subjectOn(cluster.node(1));
    }

    private String subjectOn(OwnRedis node) {
        return Stream.iterate('a', letter -> (char) (letter + 1))
                .map(String::valueOf)
                .filter(subject -> cluster.ownerOf("{1." + subject + "}") == node)
                .findFirst()
                .orElseThrow();
    }

    private Instance instance(Duration timeout, FailurePolicy policy) {
        Instance instance = Instance.open(
                RedisStore.clusterBuilder(
                                cluster.uris().stream().map(RedisURI::create).toList())
                        .commandTimeout(timeout),
                Map.of(
                        "limit", limit("1000000/1h", policy),
                        "tight", limit("10/1h", policy)));
        assertThat(instance.ask("limit", slow).admitted()).isTrue();
        assertThat(instance.ask("limit", quick).admitted()).isTrue();
        return instance;
    }

    private static RateLimitSettings limit(String limit, FailurePolicy policy) {
        return RateLimitSettings.builder().limit(limit).onStoreFailure(policy).build();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void otherKeysAreAnsweredAtOnceWhileACallTakesTwoSeconds() {
        try (Instance instance = instance(Duration.ofSeconds(20), FailurePolicy.THROW);
                Load sync = Load.start(4, () -> instance.ask("limit", quick));
                Load async = Load.start(4, () -> askAsync(instance, quick).join())) {
            sync.awaitStore(100);
            async.awaitStore(100);
            sync.measure();
            async.measure();

            hung.stop();
            long start = System.nanoTime();
            CompletableFuture<RateLimitVerdict> waiting = askAsync(instance, slow);
            Load.await("two seconds are over", () -> System.nanoTime() - start > TimeUnit.SECONDS.toNanos(2));
            assertThat(waiting).isNotDone();
            sync.end();
            async.end();
            hung.cont();

            assertThat(waiting.join().source()).isEqualTo(RateSource.STORE);
            assertQuick(sync);
            assertQuick(async);
        }
    }

    @Test
    void otherKeysAreDecidedByTheStoreWhileThoseOfTheHungServerAreNot() {
        try (Instance instance = instance(Duration.ofMillis(200), FailurePolicy.OPEN);
                Load other = Load.start(4, () -> instance.ask("limit", quick));
                Load own = Load.start(4, () -> instance.ask("limit", slow))) {
            other.awaitStore(100);
            other.measure();

            hung.stop();
            own.awaitWithoutStore(1_000);
            other.end();
            hung.cont();
            own.awaitStore(100);

            assertQuick(other);
        }
    }

    @Test
    void answersOfOtherServersGrantTheLocalShareOfItsKeysOnlyOnce() {
        try (Instance instance = instance(Duration.ofMillis(200), FailurePolicy.LOCAL)) {
            hung.stop();
            int admitted = 0;
            for (int i = 0; i < 200; i++) {
                admitted += instance.ask("tight", slow).admitted() ? 1 : 0;
                assertThat(instance.ask("tight", quick).source()).isNotEqualTo(RateSource.LOCAL);
            }
            hung.cont();

            assertThat(admitted).isEqualTo(10);
            assertThat(instance.outages().degraded("tight"))
                    .as("outages of which is told")
                    .isEqualTo(1);
        }
    }

    private static CompletableFuture<RateLimitVerdict> askAsync(Instance instance, String subject) {
        return instance.limiters().tryAcquireAsync("limit", subject, 1).toCompletableFuture();
    }

    private static void assertQuick(Load load) {
        assertThat(load.withoutStore()).as("decisions without the store").isZero();
        assertThat(load.longestMillis()).as("longest call").isLessThan(QUICK_MILLIS);
    }
}
