package io.github.stanchion.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.benchmarks.redis.StoreLoad.Result;
import io.github.stanchion.redis.OwnRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One short run: what it counts must be right, and it must leave nothing behind; times mean nothing here. */
class StoreLoadTest {

    private static final ByteArrayOutputStream PRINTED = new ByteArrayOutputStream();
    private static OwnRedis redis;
    private static List<Result> results;

    @BeforeAll
    static void run() {
        redis = OwnRedis.start();
        LoadSettings settings =
                LoadSettings.parse("--warm-up", "0.05", "--measured", "0.15", "--threads", "4", "--keys", "20");
        results = new StoreLoad(settings, redis.uri(), new PrintStream(PRINTED, true, StandardCharsets.UTF_8)).run();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static Result result(Limit limit, Contender contender) {
        return results.stream()
                .filter(result -> result.scenario().limit() == limit && result.contender() == contender)
                .findAny()
                .orElseThrow();
    }

    @Test
    void everySideDecidesBothLimits() {
        for (Contender contender : Contender.values()) {
            Result granted = result(Limit.GRANTED, contender);
            assertThat(granted.measured().decisions()).as(contender.title()).isPositive();
            assertThat(granted.bytes()).as(contender.title()).isPositive();
            if (contender.decides(Limit.DENIED)) {
                assertThat(result(Limit.DENIED, contender).measured().decisions())
                        .as(contender.title())
                        .isPositive();
            }
        }
    }

    @Test
    void decisionThatIsAskedIsOneCommand() {
        for (Contender contender : List.of(Contender.RAW_SCRIPT, Contender.STORE, Contender.FACADE)) {
            for (Limit limit : Limit.values()) {
                Result result = result(limit, contender);
                assertThat(result.sent())
                        .as(contender.title())
                        .isEqualTo(result.measured().decisions());
            }
        }
        Result remembering = result(Limit.GRANTED, Contender.FACADE_REMEMBERING);
        assertThat(remembering.sent()).isEqualTo(remembering.measured().decisions());
    }

    @Test
    void rememberedRefusalIsNoCommand() {
        Result flood = result(Limit.DENIED, Contender.FACADE_REMEMBERING);
        assertThat(flood.measured().decisions()).isGreaterThan(1_000);
        // A memory lasts a second: it may end once in 0.15 s, and four callers may notice at the same time.
        assertThat(flood.sent()).isLessThanOrEqualTo(4);
    }

    @Test
    void leaseServesManyCallsByOneCommand() {
        Result leased = result(Limit.GRANTED, Contender.FACADE_LEASING);
        assertThat(leased.sent()).isBetween(1L, leased.measured().decisions() / 2);
    }

    @Test
    void bucket4jReadsAndSwaps() {
        Result plain = result(Limit.GRANTED, Contender.BUCKET4J);
        assertThat(plain.sent()).isGreaterThanOrEqualTo(2 * plain.measured().decisions());
    }

    @Test
    void tablesAndWeightsArePrinted() {
        assertThat(PRINTED.toString(StandardCharsets.UTF_8))
                .contains("### Granted, 4 threads, 20 keys", "### Denied, 4 threads, 1 key", "| Redisson | ")
                .contains("| sliding log, 100/1m, all in use | ");
    }

    @Test
    void nothingIsLeftBehind() {
        assertThat(redis.command("DBSIZE")).isEqualTo(0L);
    }
}
