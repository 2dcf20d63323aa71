package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.store.Capability;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random calls of processes that remember refusals, beside the same calls of processes that do not. */
class DenialWalkTest {

    private static final int STEPS = 100_000;
    private static final List<String> KEYS = List.of("x", "y", "z");

    private final RigClock clock = new RigClock();
    private final RigStore plainStore = new RigStore(clock, EnumSet.allOf(Capability.class));
    private final RigStore store = new RigStore(clock, EnumSet.allOf(Capability.class));

    private RateLimiters process(RateAlgorithm algorithm, RigStore on, DenialCaching caching) {
        Map<String, RateLimitSettings> settings = new HashMap<>();
        for (String limit : List.of("3/50ms", "10/1s", "20/7s")) {
            settings.put(
                    limit,
                    RateLimitSettings.builder()
                            .algorithm(algorithm)
                            .limit(limit)
                            .denialCache(caching)
                            .build());
        }
        return RateLimiters.builder(RateLimitPolicies.of(settings), on)
                .sleeper(clock)
                .ticker(() -> clock.micros() * 1_000)
                .denialCache(5, Duration.ofSeconds(1))
                .background(Runnable::run)
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void aProcessThatRemembersDecidesAsOneThatAsks(RateAlgorithm algorithm) {
        walk(
                List.of(process(algorithm, store, DenialCaching.AUTO)),
                List.of(process(algorithm, plainStore, DenialCaching.OFF)));
        assertThat(store.calls).isLessThan(plainStore.calls);
    }

    @ParameterizedTest
    @EnumSource
    void twoProcessesThatRememberDecideAsTwoThatAsk(RateAlgorithm algorithm) {
        walk(
                List.of(process(algorithm, store, DenialCaching.AUTO), process(algorithm, store, DenialCaching.AUTO)),
                List.of(
                        process(algorithm, plainStore, DenialCaching.OFF),
                        process(algorithm, plainStore, DenialCaching.OFF)));
        assertThat(store.calls).isLessThan(plainStore.calls);
    }

    private void walk(List<RateLimiters> remembering, List<RateLimiters> asking) {
        long seed = 20_260_301;
        Random random = new Random(seed);
        long retry = 0;
        for (int i = 0; i < STEPS; i++) {
            clock.advanceMicros(
                    switch (random.nextInt(8)) {
                        case 0 -> retry;
                        case 1 -> Math.max(0, retry - 1);
                        case 2 -> random.nextInt(2_000_000);
                        case 3, 4 -> random.nextInt(20_000);
                        default -> 0;
                    });
            int process = random.nextInt(remembering.size());
            Call call = Call.random(random);
            RateLimitVerdict expected = call.on(asking.get(process));
            RateLimitVerdict actual = call.on(remembering.get(process));
            if (expected.admitted() != actual.admitted()) {
                assertThat(actual).as("step %d of seed %d: %s", i, seed, call).isEqualTo(expected);
            }
            if (!actual.admitted()) {
                assertThat(actual.violated()).isSubsetOf(expected.violated());
                assertThat(actual.retryAfter().orElseThrow())
                        .isLessThanOrEqualTo(expected.retryAfter().orElseThrow());
                retry = expected.retryAfter().orElseThrow().toNanos() / 1_000;
            }
            if (random.nextInt(500) == 0) {
                boolean any = call.reset(asking.get(process));
                assertThat(call.reset(remembering.get(process))).isEqualTo(any);
            }
        }
    }

    /** One limit or two, which decide together. */
    private record Call(String limit, String other, String key, long cost) {

        static Call random(Random random) {
            String[] limits = {"3/50ms", "10/1s", "20/7s"};
            int first = random.nextInt(3);
            String other = random.nextInt(3) > 0 ? "" : limits[(first + 1 + random.nextInt(2)) % 3];
            return new Call(limits[first], other, KEYS.get(random.nextInt(3)), random.nextInt(4));
        }

        RateLimitVerdict on(RateLimiters limiters) {
            return other.isEmpty()
                    ? limiters.tryAcquire(limit, key, cost)
                    : limiters.tryAcquireAll(RateLimitAsk.of(limit, key, cost), RateLimitAsk.of(other, key));
        }

        boolean reset(RateLimiters limiters) {
            return limiters.reset(limit, key);
        }
    }
}
