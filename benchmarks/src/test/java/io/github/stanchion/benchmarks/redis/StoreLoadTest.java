package io.github.stanchion.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.benchmarks.redis.StoreLoad.Result;
import io.github.stanchion.redis.OwnRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One short run: what it counts must be right, and it must leave nothing behind; times mean nothing here. */
class StoreLoadTest {

    private static final ByteArrayOutputStream PRINTED = new ByteArrayOutputStream();
    private static OwnRedis redis;
    private static List<Result> results;
    private static long left;

    @BeforeAll
    static void run() {
        redis = OwnRedis.start();
        LoadSettings settings =
                LoadSettings.parse("--warm-up", "0.03", "--measured", "0.12", "--threads", "4", "--keys", "20");
        results = new StoreLoad(settings, redis.uri(), new PrintStream(PRINTED, true, StandardCharsets.UTF_8)).run();
        left = (Long) redis.command("DBSIZE");
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
        long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(flood.measured().nanos());
        // A memory lasts a second: it may end before each turn and within, and all four callers may notice at once.
        assertThat(flood.sent())
                .isLessThanOrEqualTo(4 * (StoreLoad.TURNS + seconds))
                .isLessThan(flood.measured().decisions());
    }

    @Test
    void leaseServesManyCallsByOneCommand() {
        try (Server server = new Server(redis.uri());
                Side leasing = Contender.FACADE_LEASING.open(redis.uri(), "lease", Limit.GRANTED, 1)) {
            ServerCounts before = server.counts();
            for (int i = 0; i < 10_000; i++) {
                assertThat(leasing.decide(0)).isTrue();
            }
            assertThat(leasing.sent(server.counts().since(before))).isBetween(1L, 5_000L);
        }
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
        assertThat(left).isZero();
    }
}
