package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RateLimitersTest {

    private static LimitRig rig(String limit, UnaryOperator<RateLimitSettingsBuilder> settings) {
        return new LimitRig(
                "a", settings.apply(RateLimitSettings.builder().limit(limit)).build());
    }

    private static <T> T now(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }

    @Test
    void verdictHasTheWorkedFigures() {
        LimitRig rig = rig("2/1m", b -> b);
        RateLimitVerdict first = rig.limiters.tryAcquire("a", "x");
        RateLimitVerdict second = rig.limiters.tryAcquire("a", "x");
        RateLimitVerdict third = rig.limiters.tryAcquire("a", "x");
        assertThat(List.of(first, second, third))
                .extracting(RateLimitVerdict::admitted)
                .containsExactly(true, true, false);
        assertThat(List.of(first, second, third))
                .extracting(RateLimitVerdict::remaining)
                .containsExactly(1L, 0L, 0L);
        assertThat(List.of(first, second, third))
                .extracting(RateLimitVerdict::resetAfter)
                .containsExactly(Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(1));
        assertThat(List.of(first, second, third))
                .extracting(RateLimitVerdict::nextPermitAfter)
                .containsExactly(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(30));
        assertThat(third.retryAfter()).contains(Duration.ofSeconds(30));
        assertThat(third.violated()).containsExactly("a");
        assertThat(first.violated()).isEmpty();
        assertThat(third.quota()).contains(2L);
        assertThat(third.windowSeconds()).isEqualTo(60);
        assertThat(third.limit()).isEqualTo(2);
        assertThat(third.source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void quotaIsThatOfTheSlowestBandwidth() {
        LimitRig rig = new LimitRig("a", RateLimitSettings.of("20/1s", "1000/1h burst 100"));
        RateLimitVerdict verdict = rig.limiters.tryAcquire("a", "x");
        assertThat(verdict.quota()).contains(100L);
        assertThat(verdict.windowSeconds()).isEqualTo(360);
        for (int i = 0; i < 19; i++) {
            verdict = rig.limiters.tryAcquire("a", "x");
        }
        assertThat(verdict.remaining()).isZero();
        assertThat(verdict.nextPermitAfter()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void tryAcquireNeverWaitsAndLeavesNothingReserved() {
        LimitRig rig = rig("10/1s burst 1", b -> b.maxWait(Duration.ofSeconds(1)));
        assertThat(rig.limiters.tryAcquire("a", "x").admitted()).isTrue();
        RateLimitVerdict refused = rig.limiters.tryAcquire("a", "x");
        assertThat(refused.admitted()).isFalse();
        assertThat(refused.retryAfter()).contains(Duration.ofMillis(100));
        assertThat(rig.limiters.peek("a", "x").remaining()).isZero();
        assertThat(rig.clock.slept).isEmpty();
    }

    @Test
    void tryAcquireAllNeverWaitsAndLeavesNothingReserved() {
        RateLimitSettings quick = RateLimitSettings.builder()
                .limit("10/1s burst 1")
                .maxWait(Duration.ofSeconds(1))
                .build();
        RateLimitSettings slow = RateLimitSettings.builder()
                .limit("4/1s burst 1")
                .maxWait(Duration.ofSeconds(1))
                .build();
        LimitRig rig = new LimitRig(
                RateLimitPolicies.builder()
                        .configured(Map.of("quick", quick, "slow", slow, "free", RateLimitSettings.of("5/1h"))),
                RateLimitResolver.NONE);
        RateLimitAsk[] all = {RateLimitAsk.of("free", "x"), RateLimitAsk.of("quick", "x"), RateLimitAsk.of("slow", "x")
        };
        assertThat(rig.limiters.tryAcquireAll(all).admitted()).isTrue();
        for (RateLimitVerdict refused :
                List.of(rig.limiters.tryAcquireAll(all), now(rig.limiters.tryAcquireAllAsync(all)))) {
            assertThat(refused.admitted()).isFalse();
            assertThat(refused.violated()).containsExactly("quick", "slow");
            assertThat(refused.retryAfter()).contains(Duration.ofMillis(250));
        }
        assertThat(rig.limiters.peek("free", "x").remaining()).isEqualTo(4);
        assertThat(rig.limiters.peek("quick", "x").remaining()).isZero();
        assertThat(rig.limiters.peek("slow", "x").remaining()).isZero();
        assertThat(rig.policies.waiting("quick") + rig.policies.waiting("slow")).isZero();
        assertThat(rig.clock.slept).isEmpty();
    }

    @Test
    void acquireWaitsAndSaysHowLong() {
        LimitRig rig = rig("10/1s burst 1", b -> b.maxWait(Duration.ofSeconds(1)));
        assertThat(rig.limiters.acquire("a", "x", 1).verdict().waitTime()).isZero();
        assertThat(rig.limiters.acquire("a", "x", 1).verdict().waitTime()).isEqualTo(Duration.ofMillis(100));
        assertThat(rig.clock.slept).containsExactly(100_000L);
    }

    @Test
    void interruptedAcquireThrowsAndKeepsTheFlag() {
        LimitRig rig = rig("10/1s burst 1", b -> b.maxWait(Duration.ofSeconds(1)));
        rig.limiters.acquire("a", "x", 1);
        rig.clock.interrupting = true;
        assertThatThrownBy(() -> rig.limiters.acquire("a", "x", 1)).isInstanceOf(RateLimitExceededException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(rig.limiters.peek("a", "x").remaining()).isZero();
    }

    @Test
    void cancelledAcquireGivesBackWhatItReserved() {
        LimitRig rig = rig("10/1s burst 1", b -> b.maxWait(Duration.ofSeconds(1)));
        rig.limiters.acquire("a", "x", 1);
        CompletableFuture<Permit> waiting =
                rig.limiters.acquireAsync("a", "x", 1).toCompletableFuture();
        assertThat(waiting).isNotDone();
        assertThat(rig.policies.waiting("a")).isEqualTo(1);
        waiting.cancel(false);
        assertThat(rig.limiters.peek("a", "x").remaining()).isZero();
        assertThat(rig.policies.waiting("a")).isZero();
    }

    @Test
    void asynchronousWaitersRunInOrder() {
        LimitRig rig =
                rig("10/1s burst 1", b -> b.maxWait(Duration.ofSeconds(1)).maxWaiters(3));
        List<CompletableFuture<Permit>> permits = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            permits.add(rig.limiters.acquireAsync("a", "x", 1).toCompletableFuture());
        }
        assertThat(permits)
                .filteredOn(CompletableFuture::isCompletedExceptionally)
                .hasSize(2);
        assertThat(rig.clock.slept).containsExactly(100_000L, 200_000L, 300_000L);
        rig.clock.asleep.forEach(sleep -> sleep.complete(null));
        assertThat(permits).allMatch(CompletableFuture::isDone);
        assertThat(rig.policies.waiting("a")).isZero();
    }

    @Test
    void keyThatListenersWereToldNamesItsSubjectAgainThoughTheAlgorithmHasChanged() {
        LimitRig rig = rig("2/1h", b -> b);
        StoreKey told = Objects.requireNonNull(rig.policies.get("a").subject(List.of("x", 7)));
        rig.limiters.tryAcquire("a", List.of("x", 7));
        assertThat(rig.limiters.peek("a", told).remaining()).isEqualTo(1);
        assertThat(rig.limiters.reset("a", told)).isTrue();
        assertThat(rig.limiters.peek("a", List.of("x", 7)).remaining()).isEqualTo(2);

        rig.policies.reload(Map.of(
                "a",
                RateLimitSettings.builder()
                        .limit("2/1h")
                        .algorithm(RateAlgorithm.SLIDING_LOG)
                        .build()));
        rig.limiters.tryAcquire("a", List.of("x", 7));
        assertThat(rig.limiters.peek("a", told).remaining()).isEqualTo(1);
        assertThat(rig.limiters.reset("a", told)).isTrue();
    }

    @Test
    void callsAreCountedByTheirOutcome() throws Exception {
        LimitRig rig = rig("2/1h", b -> b.count(CountedCalls.SUCCESS));
        assertThatThrownBy(() -> rig.limiters.call("a", "x", () -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(rig.limiters.call("a", "x", () -> "yes")).isEqualTo("yes");
        assertThat(rig.limiters.peek("a", "x").remaining()).isEqualTo(1);
    }

    @Test
    void asynchronousCallsAreCountedAtCompletion() {
        LimitRig rig = rig("2/1h", b -> b.count(CountedCalls.SUCCESS));
        CompletableFuture<String> body = new CompletableFuture<>();
        CompletionStage<String> call = rig.limiters.callAsync("a", "x", () -> body);
        assertThat(rig.limiters.peek("a", "x").remaining()).isEqualTo(1);
        body.completeExceptionally(new IllegalStateException("no"));
        assertThatThrownBy(() -> call.toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("no");
        assertThat(rig.limiters.peek("a", "x").remaining()).isEqualTo(2);
        assertThat(now(rig.limiters.callAsync("a", "x", () -> CompletableFuture.completedFuture("yes"))))
                .isEqualTo("yes");
        assertThat(rig.limiters.peek("a", "x").remaining()).isEqualTo(1);
    }

    @Test
    void asynchronousFormsDecideAlike() {
        LimitRig rig = rig("2/1h", b -> b);
        assertThat(now(rig.limiters.tryAcquireAsync("a", "x", 2)).admitted()).isTrue();
        assertThat(now(rig.limiters.tryAcquireAsync(rig.policies.get("a"), "x", 1))
                        .admitted())
                .isFalse();
        assertThat(now(rig.limiters.tryAcquireAllAsync(RateLimitAsk.of("a", "x"), RateLimitAsk.of("a", "y")))
                        .violated())
                .containsExactly("a");
        assertThat(now(rig.limiters.peekAsync("a", "x")).remaining()).isZero();
        assertThat(now(rig.limiters.resetAsync("a", "x"))).isTrue();
        Permit permit = now(rig.limiters.acquireAsync(rig.policies.get("a"), "x", 1));
        assertThat(now(permit.refundAsync())).isTrue();
        assertThat(now(permit.settleAsync(5))).isFalse();
        assertThat(rig.limiters.peek("a", "x").remaining()).isEqualTo(2);
    }

    @Test
    void settlingChargesMoreOrLess() {
        LimitRig rig = rig("10/1h", b -> b.maxDebt(5L));
        assertThat(rig.limiters.acquire("a", "x", 4).settle(1)).isTrue();
        assertThat(rig.limiters.peek("a", "x").remaining()).isEqualTo(9);
        assertThat(rig.limiters.acquire("a", "x", 0).settle(3)).isTrue();
        assertThat(rig.limiters.peek("a", "x").remaining()).isEqualTo(6);
        assertThatThrownBy(() -> rig.limiters.acquire("a", "x", 1).settle(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysOfSeveralPartsAndMissingKeys() {
        LimitRig rig = rig("1/1h", b -> b);
        assertThat(rig.limiters.tryAcquire("a", List.of("b", "c")).admitted()).isTrue();
        assertThat(rig.limiters.tryAcquire("a", List.of("bc")).admitted()).isTrue();
        assertThat(rig.limiters.tryAcquire("a", List.of("b", "c")).admitted()).isFalse();
        assertThat(rig.limiters.tryAcquire("a", null).admitted()).isTrue();
        assertThat(rig.limiters.tryAcquire("a", List.of()).admitted()).isFalse();
        assertThat(rig.events(RateLimitMissingKey.class)).hasSize(1);
        assertThatThrownBy(() -> rig.limiters.tryAcquire("a", new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object");
    }

    @Test
    void bugsOfCallersAskNoStore() {
        LimitRig rig = rig("1/1h", b -> b);
        assertThatThrownBy(() -> rig.limiters.tryAcquire("b", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rig.limiters.tryAcquire("a", "x", -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RateLimitAsk.of("a", "x", -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rig.limiters.tryAcquireAll()).isInstanceOf(IllegalArgumentException.class);
        assertThat(rig.store.calls).isZero();
    }

    @Test
    void verdictsThatAskNoStore() {
        LimitRig rig =
                rig("5/1h", b -> b.plans(Map.of("vip", RatePlan.of("unlimited"), "banned", RatePlan.of("blocked"))));
        RateLimitPolicy policy = rig.policies.get("a");
        RateLimitVerdict never = rig.limiters.tryAcquire("a", "x", 6);
        assertThat(never.neverAdmits()).isTrue();
        assertThat(never.retryAfter()).isEmpty();
        assertThat(never.outcome()).isEqualTo(RateOutcome.NEVER);
        RateLimitVerdict vip = rig.limiters.tryAcquire(policy.unlimited(), "x", 6);
        assertThat(vip.outcome()).isEqualTo(RateOutcome.UNLIMITED);
        assertThat(vip.remaining()).isEqualTo(Long.MAX_VALUE);
        assertThat(vip.limit()).isEqualTo(Long.MAX_VALUE);
        assertThat(vip.quota()).isEmpty();
        RateLimitVerdict banned = rig.limiters.tryAcquire(policy.blocked(), "x", 1);
        assertThat(banned.outcome()).isEqualTo(RateOutcome.BLOCKED);
        assertThat(banned.remaining()).isZero();
        assertThat(rig.limiters.acquire(policy.unlimited(), "x", 1).settle(9)).isTrue();
        assertThat(rig.store.calls).isZero();
    }

    @Test
    void storeThatIsAwayIsAnsweredByThePolicy() {
        LimitRig local = rig("2/1h", b -> b);
        local.store.failing = true;
        RateLimitVerdict verdict = local.limiters.tryAcquire("a", "x");
        assertThat(verdict.source()).isEqualTo(RateSource.LOCAL);
        assertThat(verdict.remaining()).isEqualTo(1);
        LimitRig closed = rig("2/1h", b -> b.onStoreFailure(FailurePolicy.CLOSED));
        closed.store.failing = true;
        assertThatThrownBy(() -> closed.limiters.tryAcquire("a", "x")).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> now(closed.limiters.tryAcquireAsync("a", "x", 1)))
                .hasCauseInstanceOf(StoreUnavailableException.class);
        LimitRig both = rig("2/1h", b -> b);
        both.store.failing = true;
        both.local.failing = true;
        assertThatThrownBy(() -> both.limiters.tryAcquire("a", "x")).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void peekTellsNobodyAndChargesNothing() {
        LimitRig rig = rig("1/1m", b -> b);
        assertThat(rig.limiters.peek("a", "x").admitted()).isTrue();
        rig.limiters.tryAcquire("a", "x");
        RateLimitVerdict empty = rig.limiters.peek("a", "x");
        assertThat(empty.admitted()).isFalse();
        assertThat(empty.retryAfter()).contains(Duration.ofMinutes(1));
        assertThat(rig.outcomes()).containsExactly(RateOutcome.ADMITTED);
    }

    @Test
    void shadowVerdictAdmits() {
        LimitRig rig = rig("1/1m", b -> b.mode(GuardMode.SHADOW));
        rig.limiters.tryAcquire("a", "x");
        RateLimitVerdict verdict = rig.limiters.tryAcquire("a", "x");
        assertThat(verdict.admitted()).isTrue();
        assertThat(verdict.outcome()).isEqualTo(RateOutcome.SHADOW_REJECTED);
        assertThat(rig.limiters.tryAcquire("a", "x", 5).outcome()).isEqualTo(RateOutcome.SHADOW_REJECTED);
    }
}
