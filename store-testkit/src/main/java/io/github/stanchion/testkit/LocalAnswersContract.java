package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.limit.DenialCaching;
import io.github.stanchion.limit.LeaseSettings;
import io.github.stanchion.limit.RateLimitAsk;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitSettingsBuilder;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.limit.RateSource;
import io.github.stanchion.store.Capability;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * What must hold of processes that answer some calls without asking the store, by refusals that they remember and permits that
 * they have leased: extend it, open your store, run it.
 *
 * <p>The time of the store and of all processes is virtual; store calls are counted.
 */
public abstract class LocalAnswersContract extends StoreFixture {

    private static final String WHO = "alice";
    private static final Map<String, String> LIMITS = Map.of("short", "3/50ms", "long", "10/1s", "slow", "20/7s");

    private final String prefix = "kit-" + UUID.randomUUID().toString().substring(0, 8);

    /** How many random calls a walk makes; fewer suit a store that is slow. */
    protected int randomSteps() {
        return 100_000;
    }

    private RateLimiters process(FaultyStore counting, String keys, Map<String, RateLimitSettings> settings) {
        RateLimitPolicies policies = RateLimitPolicies.builder()
                .keyPrefix(prefix + keys)
                .configured(settings)
                .build();
        return RateLimiters.builder(policies, counting)
                .sleeper(new VirtualSleeper(clock))
                .ticker(() -> clock.micros() * 1_000)
                .build();
    }

    private FaultyStore counting() {
        return new FaultyStore(store(), new VirtualSleeper(clock));
    }

    private static RateLimitSettingsBuilder remembering(String limit) {
        return RateLimitSettings.builder().limit(limit).denialCache(DenialCaching.ON);
    }

    @Test
    final void aFloodAsksOnceUntilThePromisedInstantAndIsAdmittedAtIt() {
        FaultyStore counting = counting();
        RateLimiters limiters =
                process(counting, "", Map.of("a", remembering("10/10s").build()));
        for (int i = 0; i < 10; i++) {
            assertThat(limiters.tryAcquire("a", WHO).admitted()).isTrue();
        }
        long before = counting.calls();
        for (int i = 0; i < 1_000; i++) {
            assertThat(limiters.tryAcquire("a", WHO).admitted()).isFalse();
            clock.advanceMicros(999);
        }
        assertThat(counting.calls()).isEqualTo(before + 1);
        clock.advanceMicros(999);
        assertThat(limiters.tryAcquire("a", WHO).admitted()).isFalse();
        clock.advanceMicros(1);
        assertThat(limiters.tryAcquire("a", WHO).admitted()).isTrue();
    }

    @Test
    final void rememberedRefusalsChangeNoDecision() {
        for (RateAlgorithm algorithm : RateAlgorithm.values()) {
            FaultyStore asking = counting();
            FaultyStore remembering = counting();
            walk(
                    List.of(process(asking, "a", algorithm, false), process(asking, "a", algorithm, false)),
                    List.of(process(remembering, "b", algorithm, true), process(remembering, "b", algorithm, true)));
            assertThat(remembering.calls()).isLessThan(asking.calls());
        }
    }

    private RateLimiters process(FaultyStore counting, String keys, RateAlgorithm algorithm, boolean remembers) {
        Map<String, RateLimitSettings> settings = new HashMap<>();
        LIMITS.forEach((name, limit) -> settings.put(
                name,
                RateLimitSettings.builder()
                        .limit(limit)
                        .algorithm(algorithm)
                        .denialCache(remembers ? DenialCaching.ON : DenialCaching.OFF)
                        .build()));
        return process(counting, algorithm.name() + keys, settings);
    }

    private void walk(List<RateLimiters> asking, List<RateLimiters> remembering) {
        long seed = 20_260_301;
        Random random = new Random(seed);
        List<String> names = LIMITS.keySet().stream().sorted().toList();
        long retry = 0;
        for (int i = 0; i < randomSteps() / RateAlgorithm.values().length; i++) {
            clock.advanceMicros(
                    switch (random.nextInt(8)) {
                        case 0 -> retry;
                        case 1 -> Math.max(0, retry - 1);
                        case 2 -> random.nextInt(2_000_000);
                        case 3, 4 -> random.nextInt(20_000);
                        default -> 0;
                    });
            int process = random.nextInt(asking.size());
            int first = random.nextInt(3);
            RateLimitAsk ask = RateLimitAsk.of(names.get(first), "key " + random.nextInt(2), 1 + random.nextInt(3));
            RateLimitAsk[] asks = random.nextInt(3) > 0
                    ? new RateLimitAsk[] {ask}
                    : new RateLimitAsk[] {ask, RateLimitAsk.of(names.get((first + 1) % 3), ask.key())};
            RateLimitVerdict expected = asking.get(process).tryAcquireAll(asks);
            RateLimitVerdict actual = remembering.get(process).tryAcquireAll(asks);
            assertThat(actual.admitted()).as("step %d of seed %d", i, seed).isEqualTo(expected.admitted());
            if (!actual.admitted()) {
                retry = expected.retryAfter().orElseThrow().toNanos() / 1_000;
                assertThat(actual.retryAfter().orElseThrow().toNanos() / 1_000).isBetween(1L, retry);
            }
        }
    }

    @Test
    final void aResetByAnotherProcessIsHeard(TestReporter report) {
        if (!declares(Capability.SIGNALS, report)) {
            return;
        }
        Map<String, RateLimitSettings> settings =
                Map.of("a", remembering("1/1h").build());
        RateLimiters here = process(counting(), "", settings);
        RateLimiters there = process(counting(), "", settings);
        here.tryAcquire("a", WHO);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        // Time stands still, so that nothing but the signal can end what is remembered.
        do {
            assertThat(here.tryAcquire("a", WHO).admitted()).isFalse();
            assertThat(here.tryAcquire("a", WHO).source()).isEqualTo(RateSource.CACHE);
            there.reset("a", WHO);
            assertThat(System.nanoTime()).isLessThan(deadline);
        } while (!heard(here));
        here.close();
        there.close();
    }

    private static boolean heard(RateLimiters here) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        while (System.nanoTime() < deadline) {
            if (here.tryAcquire("a", WHO).admitted()) {
                return true;
            }
        }
        return false;
    }

    /** 32 threads in four processes that ask as fast as they can; a millisecond passes with every 300th decision. */
    @Test
    final void leasesNeverSpendMoreThanTheLimitGives() {
        int seconds = Math.max(2, randomSteps() / 20_000);
        long enough = 300L * 1_000 * seconds;
        FaultyStore counting = counting();
        RateLimitSettings leased = remembering("1000/1s")
                .lease(new LeaseSettings(100L, Duration.ofMillis(200)))
                .build();
        List<RateLimiters> processes = IntStream.range(0, 4)
                .mapToObj(number -> process(counting, "", Map.of("a", leased)))
                .toList();
        long begun = clock.micros();
        LongAdder admitted = new LongAdder();
        AtomicLong decisions = new AtomicLong();
        Together.run(4 * 8, number -> {
            RateLimiters process = processes.get(number % 4);
            long made = 0;
            while (made < enough) {
                if (process.tryAcquire("a", WHO).admitted()) {
                    admitted.increment();
                }
                made = decisions.incrementAndGet();
                if (made % 300 == 0) {
                    clock.advanceMicros(1_000);
                    long soFar = admitted.sum();
                    assertThat(soFar).isLessThanOrEqualTo(1_000 + (clock.micros() - begun) / 1_000);
                }
            }
            return 0;
        });
        assertThat(admitted.sum()).isBetween(900L * (seconds + 1), 1_000L * (seconds + 1));
        assertThat(counting.calls()).isLessThanOrEqualTo(decisions.get() / 20);
        processes.forEach(RateLimiters::close);
    }

    @Test
    final void whatIsLeasedGoesBackInTheEnd() {
        FaultyStore counting = counting();
        RateLimiters limiters = process(
                counting,
                "",
                Map.of(
                        "a",
                        RateLimitSettings.builder()
                                .limit("1000/1h")
                                .lease(new LeaseSettings(100L, Duration.ofMillis(200)))
                                .build()));
        for (int i = 0; i < 40; i++) {
            assertThat(limiters.tryAcquire("a", WHO).admitted()).isTrue();
        }
        assertThat(limiters.leased("a")).isPositive();
        assertThat(limiters.peek("a", WHO).remaining()).isEqualTo(960 - limiters.leased("a"));
        assertThat(counting.calls()).isEqualTo(8);
        limiters.close();
        assertThat(limiters.peek("a", WHO).remaining()).isEqualTo(960);
    }
}
