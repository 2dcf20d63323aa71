package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.limit.RateSource;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A flood of keys that come once each: it gives nobody a fresh limit, and takes no memory. */
class JunkKeysTest {

    private static final int MAX_KEYS = 1_000;
    private static final int LIMIT = 5;
    private static final int JUNK = 200_000;
    private static final long HOUR = 3_600_000_000L;

    private final TestClock clock = new TestClock();

    @ParameterizedTest
    @EnumSource
    void exhaustedVictimStaysRefusedAndTheHeapStaysFlat(RateAlgorithm algorithm) {
        RateLimitPolicies policies = RateLimitPolicies.of(Map.of(
                "login",
                RateLimitSettings.builder()
                        .limit(LIMIT + "/1h")
                        .algorithm(algorithm)
                        .build()));
        try (MemoryStore store = MemoryStore.builder()
                        .clock(clock)
                        .maxKeys(MAX_KEYS)
                        .sweepInterval(Duration.ofDays(1))
                        .build();
                RateLimiters limiters = RateLimiters.builder(policies, store).build()) {
            assertThat(admitted(limiters, "victim")).isEqualTo(LIMIT);
            int admitted = 0;
            long early = 0;
            for (int i = 0; i < JUNK; i++) {
                admitted += limiters.tryAcquire("login", "junk " + i).admitted() ? 1 : 0;
                if (i % 1_000 == 0) {
                    assertThat(limiters.tryAcquire("login", "victim").source()).isEqualTo(RateSource.STORE);
                    assertThat(limiters.tryAcquire("login", "victim").admitted())
                            .isFalse();
                    assertThat(store.stats().keys()).isLessThanOrEqualTo(MAX_KEYS);
                }
                early = i == JUNK / 2 ? usedHeap() : early;
            }
            assertThat(usedHeap() - early).isLessThan(2_000_000);
            // Those that found room, the first of each, and those that share what all others have together.
            assertThat(admitted).isEqualTo(MAX_KEYS - 1 + LIMIT);
            assertThat(store.stats().overflowSubjects()).isEqualTo(1);
            assertThat(admitted(limiters, "victim")).isZero();

            clock.advance(2 * HOUR);
            assertThat(admitted(limiters, "victim")).isEqualTo(LIMIT);
            assertThat(admitted(limiters, "newcomer")).isEqualTo(LIMIT);
        }
    }

    private static int admitted(RateLimiters limiters, String key) {
        int admitted = 0;
        for (int i = 0; i < 2 * LIMIT; i++) {
            admitted += limiters.tryAcquire("login", key).admitted() ? 1 : 0;
        }
        return admitted;
    }

    /** What is left after collections that find no more. */
    private static long usedHeap() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }
}
