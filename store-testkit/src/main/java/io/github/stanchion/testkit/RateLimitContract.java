package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.limit.DenialCaching;
import io.github.stanchion.limit.Permit;
import io.github.stanchion.limit.RateLimitAsk;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitPolicy;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.limit.RatePlan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * What rate limits must come to on every store, as tests of the facade: extend it, open your store, run it.
 *
 * <p>The same as {@link AtomicStoreContract}, one floor up: it shows that decisions, waits, settlements and changed limits are
 * those of the reference, whatever native forms a store has for them.
 */
public abstract class RateLimitContract extends StoreFixture {

    private static final String WHO = "alice";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String prefix = "kit-" + UUID.randomUUID().toString().substring(0, 8);

    /** How many steps the longest walks take; fewer suit a store that is slow. */
    protected int randomSteps() {
        return 100_000;
    }

    private RateLimiters limiters(Map<String, RateLimitSettings> settings) {
        // What a process remembers has a contract of its own: here the store decides every call.
        RateLimitSettings asking =
                RateLimitSettings.builder().denialCache(DenialCaching.OFF).build();
        RateLimitPolicies policies = RateLimitPolicies.builder()
                .keyPrefix(prefix)
                .defaults(asking)
                .configured(settings)
                .build();
        return RateLimiters.builder(policies, store())
                .sleeper(new VirtualSleeper(clock))
                .build();
    }

    private RateLimiters limiters(String limit) {
        return limiters(Map.of("a", RateLimitSettings.of(limit)));
    }

    private RateLimiters limiters(RateAlgorithm algorithm, String limit) {
        return limiters(Map.of(
                "a",
                RateLimitSettings.builder().algorithm(algorithm).limit(limit).build()));
    }

    private static int admitted(RateLimiters limiters, int calls, Object key) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            admitted += limiters.tryAcquire("a", key).admitted() ? 1 : 0;
        }
        return admitted;
    }

    @Test
    final void threeThousandASecondAreExactlyThat() {
        RateLimiters limiters = limiters("3000/1s");
        int steps = Math.max(5_000, randomSteps());
        int admitted = 0;
        for (int i = 0; i <= steps; i++) {
            admitted += limiters.tryAcquire("a", WHO).admitted() ? 1 : 0;
            clock.advanceMicros(100);
        }
        assertThat(admitted).isEqualTo(3_000 + steps * 3 / 10);
    }

    @Test
    final void refusedUntilRetryAfterAndAdmittedAtIt() {
        for (RateAlgorithm algorithm : RateAlgorithm.values()) {
            RateLimiters limiters = limiters(algorithm, "3/7s");
            Object who = algorithm;
            assertThat(admitted(limiters, 9, who)).isEqualTo(3);
            Duration wait = limiters.tryAcquire("a", who).retryAfter().orElseThrow();
            clock.advance(wait.minusNanos(1_000));
            assertThat(limiters.tryAcquire("a", who).admitted()).isFalse();
            clock.advanceMicros(1);
            assertThat(limiters.tryAcquire("a", who).admitted()).isTrue();
        }
    }

    @Test
    final void slidingLogHoldsInEveryWindowAndRefusesNoneInVain() {
        RateLimiters limiters = limiters(RateAlgorithm.SLIDING_LOG, "100/1m");
        long seed = 20_260_301;
        Random random = new Random(seed);
        Deque<long[]> taken = new ArrayDeque<>();
        long sum = 0;
        for (int i = 0; i < randomSteps(); i++) {
            clock.advanceMicros(random.nextInt(3) == 0 ? 0 : random.nextInt(2_000_000));
            int cost = 1 + random.nextInt(10);
            while (!taken.isEmpty() && taken.getFirst()[0] <= clock.micros() - MINUTE) {
                sum -= taken.removeFirst()[1];
            }
            boolean admitted = limiters.tryAcquire("a", WHO, cost).admitted();
            assertThat(admitted).as("step %d of seed %d", i, seed).isEqualTo(sum + cost <= 100);
            if (admitted) {
                taken.addLast(new long[] {clock.micros(), cost});
                sum += cost;
            }
        }
    }

    @Test
    final void concurrentCallersGetExactlyTheLimit() {
        RateLimiters limiters = limiters("10/1m");
        int admitted = Together.run(THREADS, number -> admitted(limiters, 200 / THREADS + 1, WHO)).stream()
                .mapToInt(Integer::intValue)
                .sum();
        assertThat(admitted).isEqualTo(10);
        assertThat(admitted(limiters, 3, "bob")).isEqualTo(3);
    }

    @Test
    final void costsAreChargedAllOrNone() {
        RateLimiters limiters = limiters("100/1h");
        int admitted = 0;
        while (limiters.tryAcquire("a", WHO, 7).admitted()) {
            admitted++;
        }
        assertThat(admitted).isEqualTo(14);
        assertThat(limiters.tryAcquire("a", WHO, 3).admitted()).isFalse();
        assertThat(limiters.tryAcquire("a", WHO, 2).admitted()).isTrue();
        RateLimitVerdict never = limiters.tryAcquire("a", WHO, 101);
        assertThat(never.neverAdmits()).isTrue();
        assertThat(never.retryAfter()).isEmpty();
        assertThatThrownBy(() -> limiters.tryAcquire("a", WHO, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    final void twoIntervalsAreChargedTogether() {
        RateLimiters limiters = limiters(Map.of(
                "fast",
                RateLimitSettings.builder()
                        .algorithm(RateAlgorithm.INTERVAL)
                        .limit("10/1s")
                        .build(),
                "slow",
                RateLimitSettings.builder()
                        .algorithm(RateAlgorithm.INTERVAL)
                        .limit("25/1m")
                        .build()));
        List<Integer> admitted = new ArrayList<>();
        for (int second = 0; second < 3; second++) {
            int now = 0;
            for (int i = 0; i < 20; i++) {
                boolean both = limiters.tryAcquireAll(RateLimitAsk.of("fast", WHO), RateLimitAsk.of("slow", WHO))
                        .admitted();
                now += both ? 1 : 0;
            }
            admitted.add(now);
            if (second == 2) {
                assertThat(limiters.peek("fast", WHO).remaining()).isEqualTo(5);
            }
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(admitted).containsExactly(10, 10, 5);
    }

    @Test
    final void jointRefusalChargesNobodyAndNamesWhoRefused() {
        RateLimiters limiters =
                limiters(Map.of("user", RateLimitSettings.of("10/1h"), "tenant", RateLimitSettings.of("15/1h")));
        assertThat(joint(limiters, "A", 12)).isEqualTo(10);
        assertThat(joint(limiters, "B", 12)).isEqualTo(5);
        assertThat(limiters.peek("user", "B").remaining()).isEqualTo(5);
        RateLimitVerdict refused = both(limiters, "B");
        assertThat(refused.violated()).containsExactly("tenant");
        assertThat(refused.parts()).hasSize(2);
        assertThat(both(limiters, "A").violated()).containsExactly("user", "tenant");
    }

    private static RateLimitVerdict both(RateLimiters limiters, String user) {
        return limiters.tryAcquireAll(RateLimitAsk.of("user", user), RateLimitAsk.of("tenant", "t"));
    }

    private static int joint(RateLimiters limiters, String user, int calls) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            admitted += both(limiters, user).admitted() ? 1 : 0;
        }
        return admitted;
    }

    @Test
    final void concurrentFailuresRunNoMoreBodiesThanTheLimit() {
        RateLimiters limiters = counting(CountedCalls.FAILURE);
        AtomicInteger bodies = new AtomicInteger();
        Together.run(
                50,
                number -> outcome(limiters, () -> {
                    bodies.incrementAndGet();
                    throw new IllegalStateException("failed");
                }));
        assertThat(bodies).hasValue(5);
    }

    @Test
    final void countedSuccessesGiveFailuresBack() {
        RateLimiters limiters = counting(CountedCalls.SUCCESS);
        List<String> outcomes = new ArrayList<>();
        for (int i = 1; i <= 16; i++) {
            boolean fails = i % 3 != 0;
            outcomes.add(outcome(limiters, () -> {
                if (fails) {
                    throw new IllegalStateException("failed");
                }
                return "ran";
            }));
        }
        assertThat(outcomes.subList(0, 15)).containsOnly("ran", "failed");
        assertThat(outcomes.get(15)).isEqualTo("refused");
    }

    private RateLimiters counting(CountedCalls count) {
        return limiters(Map.of(
                "a", RateLimitSettings.builder().limit("5/1h").count(count).build()));
    }

    private static String outcome(RateLimiters limiters, Callable<String> body) {
        try {
            return limiters.call("a", WHO, body);
        } catch (RateLimitExceededException refused) {
            return "refused";
        } catch (Exception failed) {
            return "failed";
        }
    }

    @Test
    final void realCostGoesIntoDebtAndNoDeeper() {
        RateLimiters limiters = limiters(Map.of(
                "a",
                RateLimitSettings.builder().limit("10000/1h").maxDebt(10_000L).build()));
        for (String who : List.of("some", "much")) {
            for (int i = 0; i < 3; i++) {
                assertThat(limiters.acquire("a", who, 1_000).settle(2_500)).isTrue();
            }
            assertThat(limiters.peek("a", who).remaining()).isEqualTo(2_500);
        }
        assertThat(limiters.acquire("a", "some", 1_000).settle(9_000)).isTrue();
        RateLimitVerdict refused = limiters.tryAcquire("a", "some", 1_000);
        assertThat(refused.remaining()).isEqualTo(-6_500);
        assertThat(refused.retryAfter()).contains(Duration.ofMinutes(45));
        assertThat(limiters.acquire("a", "much", 1_000).settle(50_000)).isTrue();
        assertThat(limiters.peek("a", "much").remaining()).isEqualTo(-10_000);
        List<Boolean> bodies = Together.run(
                50, number -> limiters.tryAcquire("a", "new", 1_000).admitted());
        assertThat(bodies).filteredOn(admitted -> admitted).hasSize(10);
    }

    @Test
    final void permitsAreSettledOnceAndOnlyInTheirPeriod() {
        RateLimiters limiters = limiters(RateAlgorithm.INTERVAL, "5/1d");
        Permit first = limiters.acquire("a", WHO, 1);
        Permit second = limiters.acquire("a", WHO, 1);
        assertThat(second.refund()).isTrue();
        assertThat(second.refund()).isFalse();
        assertThat(second.settle(3)).isFalse();
        assertThat(limiters.peek("a", WHO).remaining()).isEqualTo(4);
        clock.advance(Duration.ofDays(1));
        assertThat(admitted(limiters, 2, WHO)).isEqualTo(2);
        first.refund();
        assertThat(limiters.peek("a", WHO).remaining()).isEqualTo(3);
    }

    @Test
    final void waitersAreSpacedEvenlyAndTheRestIsRefusedAtOnce() {
        RateLimiters limiters = limiters(Map.of(
                "a",
                RateLimitSettings.builder()
                        .limit("10/1s burst 1")
                        .maxWait(Duration.ofSeconds(1))
                        .build()));
        List<CompletableFuture<Permit>> permits = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            permits.add(limiters.acquireAsync("a", WHO, 1).toCompletableFuture());
            // One after the other, also where the store is asked on other threads: the first has its turn, ten wait.
            await(permits.get(0));
            new VirtualSleeper(clock).awaitWaiting(Math.min(i, 10));
        }
        for (CompletableFuture<Permit> refused : permits.subList(11, 15)) {
            assertThatThrownBy(() -> await(refused))
                    .isInstanceOfSatisfying(RateLimitExceededException.class, error -> assertThat(error.retryAfter())
                            .contains(Duration.ofMillis(100)));
        }
        for (int i = 0; i < 11; i++) {
            await(permits.get(i));
            assertThat(permits.subList(i + 1, 11)).noneMatch(CompletableFuture::isDone);
            clock.advance(Duration.ofMillis(100));
        }
    }

    @Test
    final void cancelledWaitersGiveTheirPermitsBack() {
        RateLimiters limiters = limiters(Map.of(
                "a",
                RateLimitSettings.builder()
                        .limit("10/1s burst 1")
                        .maxWait(Duration.ofSeconds(1))
                        .build()));
        limiters.acquire("a", WHO, 1);
        List<CompletableFuture<Permit>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(limiters.acquireAsync("a", WHO, 1).toCompletableFuture());
        }
        new VirtualSleeper(clock).awaitWaiting(5);
        assertThat(limiters.peek("a", WHO).remaining()).isEqualTo(-5);
        waiting.forEach(permit -> permit.cancel(false));
        assertThat(remainingOnceSettled(limiters)).isZero();
    }

    @Test
    final void callersBeyondThoseWhoMayWaitAreRefusedAtOnceAndNotCharged() {
        int callers = 150;
        int waiters = 100;
        RateLimiters limiters = limiters(Map.of("a", waiting(waiters)));
        limiters.acquire("a", WHO, 1);
        VirtualSleeper sleeper = new VirtualSleeper(clock);
        AtomicInteger refused = new AtomicInteger();
        List<Boolean> admitted = Together.run(callers + 1, number -> {
            if (number == callers) {
                sleeper.awaitWaiting(waiters);
                awaitTrue(() -> refused.get() == callers - waiters);
                assertThat(limiters.peek("a", WHO).remaining()).isEqualTo(-waiters);
                clock.advance(Duration.ofSeconds(callers));
                return false;
            }
            try {
                limiters.acquire("a", WHO, 1);
                return true;
            } catch (RateLimitExceededException atOnce) {
                refused.incrementAndGet();
                return false;
            }
        });
        assertThat(admitted).filteredOn(each -> each).hasSize(waiters);
    }

    @Test
    final void aThousandCallsWaitInOrderAndNoThreadWithThem() {
        int calls = 1_000;
        RateLimiters limiters = limiters(Map.of("a", waiting(calls)));
        limiters.acquire("a", WHO, 1);
        VirtualSleeper sleeper = new VirtualSleeper(clock);
        Queue<Duration> waits = new ConcurrentLinkedQueue<>();
        Together.run(2, thread -> {
            for (int i = 0; i < calls / 2; i++) {
                limiters.acquireAsync("a", WHO, 1)
                        .thenAccept(permit -> waits.add(permit.verdict().waitTime()));
            }
            return thread;
        });
        sleeper.awaitWaiting(calls);
        for (int second = 1; second <= calls; second++) {
            assertThat(waits).hasSize(second - 1).doesNotContain(Duration.ofSeconds(second));
            clock.advance(Duration.ofSeconds(1));
            assertThat(waits).contains(Duration.ofSeconds(second));
        }
    }

    private static RateLimitSettings waiting(int waiters) {
        return RateLimitSettings.builder()
                .limit("1/1s")
                .maxWait(Duration.ofHours(1))
                .maxWaiters(waiters)
                .build();
    }

    private static void awaitTrue(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** What a store gives back on another thread is there a moment later. */
    private static long remainingOnceSettled(RateLimiters limiters) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long remaining = limiters.peek("a", WHO).remaining();
        while (remaining < 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
            remaining = limiters.peek("a", WHO).remaining();
        }
        return remaining;
    }

    @Test
    final void changedLimitsActAtOnceAndKeepWhatWasUsed() {
        RateLimiters limiters = limiters("10/1m");
        assertThat(admitted(limiters, 6, WHO)).isEqualTo(6);
        limiters.policies().reload(Map.of("a", RateLimitSettings.of("100/1m")));
        assertThat(limiters.peek("a", WHO).remaining()).isEqualTo(40);
        limiters.policies().reload(Map.of("a", RateLimitSettings.of("5/1m")));
        assertThat(limiters.peek("a", WHO).remaining()).isEqualTo(2);
        RateLimiters quota = limiters(RateAlgorithm.INTERVAL, "5/1d");
        assertThat(admitted(quota, 9, WHO)).isEqualTo(5);
        RateLimiters restarted = limiters(RateAlgorithm.INTERVAL, "8/1d");
        assertThat(admitted(restarted, 9, WHO)).isEqualTo(3);
    }

    @Test
    final void clockThatStepsBackAnHourFreezesNobody() {
        RateLimiters limiters = limiters("10/1s");
        assertThat(admitted(limiters, 99, WHO)).isEqualTo(10);
        clock.stepBack(Duration.ofHours(1));
        assertThat(admitted(limiters, 99, WHO)).isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(admitted(limiters, 99, WHO)).isEqualTo(10);
    }

    @Test
    final void shadowRefusesNobodyAndLeavesTheEnforcedStateAlone() {
        RateLimiters shadow = limiters(Map.of(
                "a",
                RateLimitSettings.builder().limit("2/1h").mode(GuardMode.SHADOW).build()));
        assertThat(admitted(shadow, 10, WHO)).isEqualTo(10);
        RateLimiters enforced = limiters("2/1h");
        assertThat(enforced.peek("a", WHO).remaining()).isEqualTo(2);
        assertThat(admitted(enforced, 10, WHO)).isEqualTo(2);
    }

    @Test
    final void plansShareTheStateOfTheirPolicy() {
        Map<String, RatePlan> plans = new HashMap<>();
        plans.put("free", RatePlan.of("2/1m"));
        plans.put("pro", RatePlan.of("5/1m"));
        RateLimitSettings settings =
                RateLimitSettings.builder().limit("3/1m").plans(plans).build();
        RateLimiters limiters = limiters(Map.of("a", settings));
        RateLimitPolicy free =
                Objects.requireNonNull(limiters.policies().get("a").plan("free"));
        RateLimitPolicy pro =
                Objects.requireNonNull(limiters.policies().get("a").plan("pro"));
        assertThat(limiters.policies().get("a").plan("other")).isNull();
        assertThat(limiters.tryAcquire(free, WHO, 1).admitted()).isTrue();
        assertThat(limiters.peek(pro, WHO).remaining()).isEqualTo(2);
        assertThat(limiters.peek("a", WHO).remaining()).isEqualTo(1);
    }

    @Test
    final void resetGivesEverythingBack() {
        for (RateAlgorithm algorithm : RateAlgorithm.values()) {
            RateLimiters limiters = limiters(algorithm, "3/1h");
            assertThat(admitted(limiters, 9, algorithm)).isEqualTo(3);
            assertThat(limiters.reset("a", algorithm)).isTrue();
            assertThat(limiters.reset("a", algorithm)).isFalse();
            assertThat(admitted(limiters, 9, algorithm)).isEqualTo(3);
        }
    }
}
