package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitVerdict;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What limits leave in the server: a few bytes for each subject, and nothing once it is full again. */
@Timeout(120)
class FootprintTest {

    private static final int SUBJECTS = 50;
    private static final int CHUNK = 500;
    /** For roundings, and for a server that is not scheduled for a moment between reading its clock and setting the end. */
    private static final long SLACK_MILLIS = 100;

    private static final Pattern NAME_AND_SUBJECT = Pattern.compile("[^:]+:1:[^:]+:([^:]+):\\{\\d+\\.([^}]+)}");

    private static final Map<String, RateLimitSettings> LIMITS = Map.of(
            "slow", RateLimitSettings.of("10/1s"),
            "fast", RateLimitSettings.of("1000000/1s"),
            "three", RateLimitSettings.of("50/1s", "1000/1m", "10000/1h"),
            "interval", limit(RateAlgorithm.INTERVAL, "100/1m"),
            "window", limit(RateAlgorithm.SLIDING_WINDOW, "100/1m"),
            "log", limit(RateAlgorithm.SLIDING_LOG, "20/1m"));

    private OwnRedis redis;
    private Instance instance;

    private static RateLimitSettings limit(RateAlgorithm algorithm, String limit) {
        return RateLimitSettings.builder().algorithm(algorithm).limit(limit).build();
    }

    @BeforeEach
    void open() {
        redis = OwnRedis.start();
        instance = Instance.open(
                RedisStore.builder(RedisURI.create(redis.uri())).commandTimeout(Duration.ofSeconds(20)), LIMITS);
    }

    @AfterEach
    void close() {
        instance.close();
        redis.close();
    }

    @Test
    void everyKeyEndsOnceItsSubjectIsFullAgain() {
        assertEnds(5_000);
    }

    @Test
    @Tag("long")
    void everyKeyEndsOnceItsSubjectIsFullAgainHoweverMuchItWasUsed() {
        assertEnds(100_000);
    }

    private void assertEnds(int operations) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> names = List.copyOf(LIMITS.keySet());
        List<CompletableFuture<RateLimitVerdict>> sent = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            String name = names.get(random.nextInt(names.size()));
            String subject = "s" + random.nextInt(SUBJECTS);
            sent.add(instance.limiters()
                    .tryAcquireAsync(name, subject, random.nextInt(5))
                    .toCompletableFuture());
            if (sent.size() == CHUNK) {
                sent.forEach(CompletableFuture::join);
                sent.clear();
            }
        }
        sent.forEach(CompletableFuture::join);

        List<?> keys = (List<?>) redis.command("KEYS", "*");
        assertThat(keys).as("keys; seed %d", seed).hasSizeGreaterThan(SUBJECTS);
        for (Object key : keys) {
            assertEnds(key.toString(), seed);
        }
    }

    private void assertEnds(String key, long seed) {
        Matcher parts = NAME_AND_SUBJECT.matcher(key);
        assertThat(parts.matches()).as(key).isTrue();
        long full = instance.limiters()
                .peek(parts.group(1), parts.group(2))
                .resetAfter()
                .plusNanos(999_999)
                .toMillis();
        long left = (Long) redis.command("PTTL", key);
        if (left == -2) {
            return; // It has ended meanwhile.
        }
        assertThat(left).as("milliseconds left of %s; seed %d", key, seed).isBetween(0L, full + SLACK_MILLIS);
    }

    @Test
    void subjectCostsFewBytesWhateverItsTraffic() {
        assertThat(bytes("slow", 9)).as("10/1s").isLessThanOrEqualTo(72);
        assertThat(bytes("fast", 900_000)).as("1000000/1s").isLessThanOrEqualTo(72);
        assertThat(bytes("three", 40)).as("three bandwidths").isLessThanOrEqualTo(170);
    }

    /** Of the state under a key of eight bytes, so that it is the state which counts. */
    private long bytes(String limit, long cost) {
        assertThat(instance.limiters().tryAcquire(limit, "alice", cost).admitted())
                .isTrue();
        List<?> keys = (List<?>) redis.command("KEYS", "*:" + limit + ":*");
        Object state = redis.command("GET", keys.get(0).toString());
        redis.command("SET", "12345678", String.valueOf(state), "PX", "60000");
        return (Long) redis.command("MEMORY", "USAGE", "12345678");
    }
}
