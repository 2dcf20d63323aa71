package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.limit.RateLimitAsk;
import io.github.stanchion.limit.RateLimitPolicy;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.limit.RatePlan;
import io.github.stanchion.testkit.Together;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a decision costs, as the server counts it. */
@Timeout(60)
class TripsTest {

    private static final Map<String, RateLimitSettings> LIMITS = Map.of(
            "hot", RateLimitSettings.of("1000000/1h"),
            "user", RateLimitSettings.of("1000000/1h"),
            "burst", RateLimitSettings.of("1000/1s", "1000000/1h"),
            "daily",
                    RateLimitSettings.builder()
                            .algorithm(RateAlgorithm.INTERVAL)
                            .limit("1000000/1d")
                            .build(),
            "plans",
                    RateLimitSettings.builder()
                            .limit("10/1h")
                            .plans(Map.of("vip", RatePlan.of("unlimited"), "banned", RatePlan.of("blocked")))
                            .build());

    private OwnRedis redis;
    private Instance instance;
    private CommandLog log;

    @BeforeEach
    void open() {
        redis = OwnRedis.start();
        instance = Instance.open(
                RedisStore.builder(RedisURI.create(redis.uri())).commandTimeout(Duration.ofSeconds(20)), LIMITS);
        for (String limit : LIMITS.keySet()) {
            instance.ask(limit, "warm");
        }
        allThree("warm");
        log = redis.commandLog();
        redis.resetStats();
        log.commands();
    }

    @AfterEach
    void close() {
        log.close();
        instance.close();
        redis.close();
    }

    private RateLimitVerdict allThree(String key) {
        return instance.limiters()
                .tryAcquireAll(
                        RateLimitAsk.of("user", key), RateLimitAsk.of("burst", key), RateLimitAsk.of("daily", key));
    }

    /** What clients sent: nothing but one EVALSHA for each of the decisions. */
    private void assertScripts(int decisions) {
        List<String> commands = log.commands();
        assertThat(commands)
                .allMatch(command -> command.startsWith("\"EVALSHA\""))
                .hasSize(decisions);
        assertThat(redis.commandStats())
                .doesNotContainKeys("eval", "script", "multi", "publish")
                .matches(calls -> calls.getOrDefault("evalsha", 0L) == decisions);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 64})
    void grantedCallOfAHotKeyIsOneScriptWhoeverElseAsks(int threads) throws Exception {
        int calls = 1_280 / threads;
        List<Integer> granted = Together.run(threads, number -> {
            int admitted = 0;
            for (int i = 0; i < calls; i++) {
                admitted += instance.ask("hot", "key").admitted() ? 1 : 0;
            }
            return admitted;
        });

        assertThat(granted).hasSize(threads).containsOnly(calls);
        assertScripts(1_280);
    }

    @Test
    void asynchronousCallIsOneScriptToo() {
        List<CompletableFuture<RateLimitVerdict>> all = Stream.generate(() ->
                        instance.limiters().tryAcquireAsync("hot", "key", 1).toCompletableFuture())
                .limit(500)
                .toList();

        assertThat(all).allMatch(verdict -> verdict.join().admitted());
        assertScripts(500);
    }

    @Test
    void threeLimitsOfOneSubjectAreOneScript() {
        for (int i = 0; i < 100; i++) {
            assertThat(allThree("alice").admitted()).isTrue();
        }

        assertScripts(100);
    }

    @Test
    void unlimitedAndBlockedPlansCostNothing() {
        RateLimiters limiters = instance.limiters();
        RateLimitPolicy plans = limiters.policies().get("plans");

        for (int i = 0; i < 100; i++) {
            assertThat(limiters.tryAcquire(plans.plan("vip"), "alice", 1).admitted())
                    .isTrue();
            assertThat(limiters.tryAcquire(plans.plan("banned"), "alice", 1).admitted())
                    .isFalse();
        }

        assertScripts(0);
    }

    @Test
    void floodOfAnExhaustedSubjectStaysHere() {
        assertThat(instance.limiters().tryAcquire("plans", "alice", 10).admitted())
                .isTrue();
        for (int i = 0; i < 1_000; i++) {
            assertThat(instance.ask("plans", "alice").admitted()).isFalse();
        }

        assertThat(log.commands())
                .filteredOn(command -> command.startsWith("\"EVALSHA\""))
                .as("the charge and the first refusal")
                .hasSize(2);
    }

    @Test
    void nothingOfTheCallersClockTravels() {
        for (int i = 0; i < 100; i++) {
            assertThat(instance.ask("hot", "alice").admitted()).isTrue();
        }

        assertThat(Set.copyOf(log.commands())).as("forms of one question").hasSize(1);
        assertThat(redis.commandStats()).containsEntry("time", 100L);
    }
}
