package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.limit.LeaseSettings;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitSettingsBuilder;
import io.github.stanchion.limit.RateLimitVerdict;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limit holds on the server's own clock, and nothing of it is lost. */
@Tag("long")
@Timeout(120)
class RealTimeTest {

    private static final long NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int INSTANCES = 4;

    private OwnRedis redis;
    private long spent;
    private final List<Instance> instances = new ArrayList<>();
    private final List<Load> loads = new ArrayList<>();

    @BeforeEach
    void start() {
        redis = OwnRedis.start();
    }

    @AfterEach
    void end() {
        loads.forEach(Load::close);
        instances.forEach(Instance::close);
        redis.close();
    }

    private void open(int count, RateLimitSettingsBuilder limit) {
        String prefix = RedisUnderTest.prefix();
        RateLimitSettings settings = limit.onStoreFailure(FailurePolicy.THROW).build();
        for (int i = 0; i < count; i++) {
            Instance instance = Instance.open(
                    RedisStore.builder(RedisURI.create(redis.uri())).commandTimeout(Duration.ofSeconds(20)),
                    prefix,
                    count,
                    Map.of("limit", settings));
            instances.add(instance);
            for (int call = 0; call < 200; call++) {
                RateLimitVerdict unused = instance.ask("limit", "warm");
            }
        }
        redis.resetStats();
    }

    /** What flows into a full bucket is lost, however long the machine takes to begin; so the bucket is empty then. */
    private void spendTheBurst() {
        spent = System.nanoTime();
        assertThat(instances.get(0).limiters().tryAcquire("limit", "hot", 1_000).admitted())
                .isTrue();
    }

    /**
     * Runs a load on each instance for some seconds.
     *
     * @return how long all of it asked at least, and for how long permits have flowed in at most
     */
    private double[] run(Function<Instance, Load> load) {
        instances.forEach(instance -> loads.add(load.apply(instance)));
        long all = System.nanoTime();
        Load.await("the time is over", () -> System.nanoTime() - all >= NANOS);
        double least = (System.nanoTime() - all) / 1e9;
        loads.forEach(Load::end);
        assertThat(loads).allMatch(each -> each.errors().isEmpty());
        return new double[] {least, (System.nanoTime() - spent) / 1e9};
    }

    private long sum(ToLongFunction<Load> count) {
        return loads.stream().mapToLong(count).sum();
    }

    private static RateLimitSettingsBuilder leased(String limit) {
        return RateLimitSettings.builder().limit(limit).lease(new LeaseSettings(100L, Duration.ofMillis(200)));
    }

    @Test
    void sixteenThreadsGetAllThatFlowsInAndNoMore() {
        open(1, RateLimitSettings.builder().limit("1000/1s"));

        spendTheBurst();
        double[] seconds = run(instance -> Load.flood(16, () -> instance.ask("limit", "hot")));

        assertThat((double) sum(Load::storeAdmitted)).isBetween(980 * seconds[0], 1_000 * seconds[1]);
    }

    @Test
    void leasesOfAScarceLimitGetNearlyAllThatFlowsInAndNoMore() {
        open(INSTANCES, leased("1000/1s"));

        spendTheBurst();
        double[] seconds = run(instance -> Load.flood(8, () -> instance.ask("limit", "hot")));

        assertThat((double) sum(Load::storeAdmitted)).isBetween(900 * seconds[0], 1_000 * seconds[1]);
        assertThat(redis.commandStats().get("evalsha")).isLessThanOrEqualTo(sum(Load::byStore) / 20);
    }

    @Test
    void leasesOfAnAmpleLimitServeTwentyCallsWithOneTripAtLeast() {
        open(INSTANCES, leased("100000/1s"));

        double[] unused = run(instance -> Load.start(4, () -> instance.ask("limit", "hot")));

        assertThat(sum(Load::storeAdmitted)).isEqualTo(sum(Load::byStore));
        assertThat(redis.commandStats().get("evalsha")).isLessThanOrEqualTo(sum(Load::byStore) / 20);
    }
}
