package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.store.MicroClock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that is killed takes along what it has leased, at most, and only until that has refilled. */
@Timeout(120)
class KilledHolderTest {

    private static final int LIMIT = 1_000;
    private static final int LEASED = 100;

    private final String prefix = RedisUnderTest.prefix();
    private final OwnRedis redis = OwnRedis.start();
    private Fleet fleet;

    @BeforeEach
    void start() {
        fleet = Fleet.start(1);
        fleet.open(false, List.of(redis.uri()), prefix);
    }

    private static RateLimiters limiters(RedisStore store, String prefix) {
        return RateLimiters.builder(
                        RateLimitPolicies.builder()
                                .keyPrefix(prefix)
                                .configured(Map.of("leased", RateLimitSettings.of(LIMIT + "/1d")))
                                .build(),
                        store)
                .build();
    }

    private static long remaining(RateLimiters limiters) {
        return limiters.peek("leased", "alice").remaining();
    }

    @AfterEach
    void end() {
        fleet.close();
        redis.close();
    }

    @Test
    void killedHolderLosesItsLeaseAtMostAndNobodyGetsTooMuch() {
        try (RedisStore opened = TestStores.on(redis).keyPrefix(prefix).build();
                RateLimiters other = limiters(opened, prefix)) {
            int admitted = 0;
            long held;
            do {
                admitted += fleet.admitted("leased", "alice", 64);
                held = LIMIT - admitted - remaining(other);
            } while (held == 0);
            fleet.close();

            assertThat(held).isBetween(1L, (long) LEASED);
            int others = 0;
            for (int i = 0; i < 2 * LIMIT; i++) {
                others += other.tryAcquire("leased", "alice").admitted() ? 1 : 0;
            }
            assertThat(admitted + others).isEqualTo((int) (LIMIT - held));
        }
        MicroClock today = MicroClock.system();
        try (RedisStore tomorrow = TestStores.on(redis)
                        .keyPrefix(prefix)
                        .clock(() -> today.micros() + Steps.DAY)
                        .build();
                RateLimiters refilled = limiters(tomorrow, prefix)) {
            assertThat(remaining(refilled)).isEqualTo(LIMIT);
        }
    }
}
