package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.StoreTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a process remembers of refusals: exactly what the store would say, without asking it. */
class DenialCacheTest {

    private static final Set<Capability> SHARED =
            Set.of(Capability.SHARED, Capability.JOINT, Capability.STORE_CLOCK, Capability.SIGNALS, Capability.SCAN);

    private final RigClock clock = new RigClock();
    private RigStore store = new RigStore(clock, SHARED);

    private RateLimiters process(RateLimitPolicies policies) {
        return process(policies, 10_000, Duration.ofSeconds(1));
    }

    private RateLimiters process(RateLimitPolicies policies, int maxEntries, Duration maxAge) {
        return RateLimiters.builder(policies, store)
                .localStore(new RigStore(clock))
                .sleeper(clock)
                .ticker(() -> clock.micros() * 1_000)
                .denialCache(maxEntries, maxAge)
                .background(Runnable::run)
                .build();
    }

    private static RateLimitPolicies policies(RateLimitSettingsBuilder settings) {
        return RateLimitPolicies.of(Map.of("a", settings.build()));
    }

    private static RateLimitSettingsBuilder limit(String... limit) {
        return RateLimitSettings.builder().limit(limit);
    }

    private RateLimiters process(RateLimitSettingsBuilder settings) {
        return process(policies(settings));
    }

    private void exhaust(RateLimiters limiters) {
        int before = store.calls;
        while (limiters.tryAcquire("a", "x").admitted()) {
            assertThat(store.calls - before).isLessThan(1_000);
        }
    }

    @Test
    void aFloodAsksOnceUntilThePromisedInstantAndIsAdmittedAtIt() {
        RateLimiters limiters = process(limit("10/1s"));
        exhaust(limiters);
        int asked = store.calls;
        for (int i = 0; i < 999; i++) {
            clock.advanceMicros(100);
            assertThat(limiters.tryAcquire("a", "x").admitted()).isFalse();
        }
        assertThat(store.calls).isEqualTo(asked);
        clock.advanceMicros(99);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.CACHE);
        clock.advanceMicros(1);
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        assertThat(store.calls).isEqualTo(asked + 1);
    }

    @Test
    void theVerdictIsTheStoresCountedDownToNow() {
        RateLimiters limiters = process(limit("10/1s", "100/1m"));
        exhaust(limiters);
        RateLimitVerdict first = limiters.tryAcquire("a", "x");
        clock.advanceMicros(30_000);
        RateLimitVerdict known = limiters.tryAcquire("a", "x");
        assertThat(known.source()).isEqualTo(RateSource.CACHE);
        assertThat(known.name()).isEqualTo("a");
        assertThat(known.outcome()).isEqualTo(RateOutcome.REJECTED);
        assertThat(known.limit()).isEqualTo(first.limit());
        assertThat(known.remaining()).isEqualTo(first.remaining());
        assertThat(known.retryAfter()).contains(Duration.ofMillis(70));
        assertThat(known.resetAfter()).isEqualTo(first.resetAfter().minusMillis(30));
        store.values.clear();
        assertThatThrownBy(() -> limiters.acquire("a", "x", 1))
                .isInstanceOfSatisfying(RateLimitExceededException.class, refused -> assertThat(refused.retryAfter())
                        .contains(Duration.ofMillis(70)));
    }

    @Test
    void timeIsCountedFromBeforeAskingAndWaitsFromTheAnswer() {
        RateLimiters limiters = process(limit("10/1s"));
        for (int i = 0; i < 10; i++) {
            limiters.tryAcquire("a", "x");
        }
        store.beforeAnswer = () -> clock.advanceMicros(20_000);
        assertThat(limiters.tryAcquire("a", "x").retryAfter()).contains(Duration.ofMillis(100));
        clock.advanceMicros(79_999);
        RateLimitVerdict known = limiters.tryAcquire("a", "x");
        assertThat(known.source()).isEqualTo(RateSource.CACHE);
        assertThat(known.retryAfter()).contains(Duration.ofNanos(20_001_000));
        clock.advanceMicros(1);
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
    }

    @Test
    void whatCostsAsMuchOrMoreIsRefusedAndWhatCostsLessIsAsked() {
        RateLimiters limiters = process(limit("10/10s"));
        assertThat(limiters.tryAcquire("a", "x", 7).admitted()).isTrue();
        assertThat(limiters.tryAcquire("a", "x", 5).admitted()).isFalse();
        int asked = store.calls;
        assertThat(limiters.tryAcquire("a", "x", 5).admitted()).isFalse();
        assertThat(limiters.tryAcquire("a", "x", 9).admitted()).isFalse();
        assertThat(store.calls).isEqualTo(asked);
        assertThat(limiters.tryAcquire("a", "x", 3).admitted()).isTrue();
        assertThat(store.calls).isEqualTo(asked + 1);
        assertThat(limiters.tryAcquire("a", "x", 5).source()).isEqualTo(RateSource.CACHE);
        assertThat(limiters.tryAcquire("a", "x", 1).source()).isEqualTo(RateSource.STORE);
        assertThat(limiters.tryAcquire("a", "x", 1).source()).isEqualTo(RateSource.CACHE);
    }

    @Test
    void asksForNothingAlwaysGoToTheStore() {
        RateLimiters limiters = process(limit("1/1h").maxDebt(1L).denialCache(DenialCaching.ON));
        limiters.acquire("a", "x", 1).settle(2);
        assertThat(limiters.tryAcquire("a", "x", 0).admitted()).isFalse();
        assertThat(limiters.tryAcquire("a", "x", 1).source()).isEqualTo(RateSource.STORE);
        int asked = store.calls;
        assertThat(limiters.tryAcquire("a", "x", 0).admitted()).isFalse();
        assertThat(limiters.peek("a", "x").source()).isEqualTo(RateSource.STORE);
        assertThat(store.calls).isEqualTo(asked + 2);
    }

    @Test
    void nothingIsRememberedForLongerThanTheMaximumAge() {
        RateLimiters limiters = process(policies(limit("1/1h")), 10, Duration.ofMillis(500));
        exhaust(limiters);
        int asked = store.calls;
        clock.advanceMicros(499_999);
        limiters.tryAcquire("a", "x");
        assertThat(store.calls).isEqualTo(asked);
        clock.advanceMicros(1);
        limiters.tryAcquire("a", "x");
        assertThat(store.calls).isEqualTo(asked + 1);
    }

    @Test
    void whatWaitsIsRefusedUntilItsWaitIsShortEnough() {
        RateLimiters limiters =
                process(limit("1/1s").maxWait(Duration.ofMillis(600)).denialCache(DenialCaching.ON));
        limiters.acquire("a", "x", 1);
        assertThatThrownBy(() -> limiters.acquire("a", "x", 1)).isInstanceOf(RateLimitExceededException.class);
        int asked = store.calls;
        clock.advanceMicros(399_999);
        assertThatThrownBy(() -> limiters.acquire("a", "x", 1))
                .isInstanceOfSatisfying(RateLimitExceededException.class, refused -> assertThat(refused.retryAfter())
                        .contains(Duration.ofNanos(1_000)));
        assertThat(store.calls).isEqualTo(asked);
        clock.advanceMicros(1);
        assertThat(limiters.acquire("a", "x", 1).verdict().waitTime()).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void aResetIsSeenAtOnceHereAndByOtherProcesses() {
        RateLimiters here = process(limit("1/1h"));
        RateLimiters there = process(limit("1/1h"));
        exhaust(here);
        exhaust(there);
        assertThat(there.tryAcquire("a", "x").source()).isEqualTo(RateSource.CACHE);
        assertThat(here.reset("a", "x")).isTrue();
        assertThat(there.tryAcquire("a", "x").admitted()).isTrue();
        exhaust(here);
        there.resetAsync("a", "x");
        assertThat(here.tryAcquire("a", "x").admitted()).isTrue();
    }

    @Test
    void aResetDropsItsSubjectAlone() {
        RateLimiters here = process(limit("1/1h"));
        exhaust(here);
        here.tryAcquire("a", "y");
        here.tryAcquire("a", "y");
        process(limit("1/1h")).reset("a", "y");
        int asked = store.calls;
        assertThat(here.tryAcquire("a", "x").admitted()).isFalse();
        assertThat(store.calls).isEqualTo(asked);
        assertThat(here.tryAcquire("a", "y").admitted()).isTrue();
    }

    @Test
    void aRefusalThatAResetHasOvertakenIsNotLearned() {
        RateLimiters here = process(limit("1/1h"));
        RateLimiters there = process(limit("1/1h"));
        exhaust(here);
        clock.advance(Duration.ofSeconds(1));
        store.beforeAnswer = () -> there.reset("a", "x");
        assertThat(here.tryAcquire("a", "x").admitted()).isFalse();
        assertThat(here.tryAcquire("a", "x").admitted()).isTrue();
    }

    @Test
    void afterAGapInTheSignalsEverythingIsAskedAnew() {
        RateLimiters limiters = process(limit("1/1h"));
        exhaust(limiters);
        store.values.clear();
        assertThat(limiters.tryAcquire("a", "x").admitted()).isFalse();
        store.signals.gap();
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
    }

    @Test
    void signalsAreHeardFromTheFirstRefusalToTheEnd() {
        RateLimiters limiters = process(limit("1/1h"));
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        assertThat(store.signals.subscriptions).isZero();
        store.signals.unreachable = true;
        exhaust(limiters);
        assertThat(store.signals.subscriptions).isZero();
        store.signals.unreachable = false;
        limiters.tryAcquire("a", "y");
        limiters.tryAcquire("a", "y");
        limiters.tryAcquire("a", "z");
        limiters.tryAcquire("a", "z");
        assertThat(store.signals.subscriptions).isEqualTo(1);
        limiters.close();
        limiters.close();
        assertThat(store.signals.listeners()).isZero();
    }

    @Test
    void whereThereAreNoSignalsAnOwnResetIsSeenAllTheSame() {
        store = new RigStore(clock, EnumSet.complementOf(EnumSet.of(Capability.SIGNALS)));
        RateLimiters limiters = process(limit("1/1h"));
        exhaust(limiters);
        limiters.reset("a", "x");
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        assertThat(store.signals.subscriptions).isZero();
    }

    @Test
    void aChangedLimitIsAskedAnew() {
        RateLimitPolicies policies = policies(limit("10/1h"));
        RateLimiters limiters = process(policies);
        exhaust(limiters);
        policies.reload(Map.of("a", limit("100/1h").build()));
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
        policies.reload(Map.of("a", limit("10/1h").build()));
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void autoIsForStoresThatAreSharedAndPoliciesThatGiveNothingBack() {
        assertThat(remembers(limit("1/1h"))).isTrue();
        assertThat(remembers(limit("1/1h").count(CountedCalls.ALWAYS))).isTrue();
        assertThat(remembers(limit("1/1h").denialCache(DenialCaching.OFF))).isFalse();
        for (RateLimitSettingsBuilder givesBack : List.of(
                limit("1/1h").count(CountedCalls.SUCCESS),
                limit("1/1h").refundWhen("#result"),
                limit("1/1h").settle("#result"),
                limit("1/1h").maxWait(Duration.ofMillis(1)))) {
            assertThat(remembers(givesBack)).isFalse();
            assertThat(remembers(givesBack.denialCache(DenialCaching.ON))).isTrue();
        }
        store = new RigStore(clock);
        assertThat(remembers(limit("1/1h"))).isFalse();
        assertThat(remembers(limit("1/1h").denialCache(DenialCaching.ON))).isTrue();
    }

    private boolean remembers(RateLimitSettingsBuilder settings) {
        store.values.clear();
        RateLimiters limiters = process(settings);
        exhaust(limiters);
        return limiters.tryAcquire("a", "x").source() == RateSource.CACHE;
    }

    @Test
    void aRefundHereIsSeenAtOnceAndEndsAuto() {
        RateLimiters limiters = process(limit("1/1h"));
        Permit permit = limiters.acquire("a", "x", 1);
        exhaust(limiters);
        permit.refund();
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void aRefundWhoseReplyIsLostIsSeenToo() {
        RateLimiters limiters = process(limit("1/1h").denialCache(DenialCaching.ON));
        Permit permit = limiters.acquire("a", "x", 1);
        exhaust(limiters);
        store.beforeAnswer = () -> {
            throw new StoreTimeoutException("No reply");
        };
        permit.refund();
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
    }

    @Test
    void aRefusalThatARefundHasOvertakenIsNotRemembered() {
        RateLimiters limiters = process(limit("1/1h").denialCache(DenialCaching.ON));
        Permit permit = limiters.acquire("a", "x", 1);
        store.beforeAnswer = permit::refund;
        assertThat(limiters.tryAcquire("a", "x").admitted()).isFalse();
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
    }

    @Test
    void decisionsOfTheLocalStoreAreNotRemembered() {
        RateLimiters limiters = process(limit("1/1h").onStoreFailure(FailurePolicy.LOCAL));
        store.failing = true;
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.LOCAL);
        store.failing = false;
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        exhaust(limiters);
        store.failing = true;
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.CACHE);
    }

    @Test
    void anotherKeyMayTakeThePlaceAndDecidesNothingForIt() {
        RateLimiters limiters = process(policies(limit("1/1h")), 1, Duration.ofSeconds(1));
        for (int i = 0; i < 50; i++) {
            String key = "key " + i;
            assertThat(limiters.tryAcquire("a", key).admitted()).isTrue();
            assertThat(limiters.tryAcquire("a", key).source()).isEqualTo(RateSource.STORE);
            assertThat(limiters.tryAcquire("a", key).source()).isEqualTo(RateSource.CACHE);
        }
        assertThat(limiters.tryAcquire("a", "key 0").source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void oneLimitKnownToRefuseRefusesAJointCallWithoutAsking() {
        RateLimiters limiters = process(RateLimitPolicies.of(Map.of(
                "a", limit("1/1h").build(),
                "b", limit("5/1h").build(),
                "c", limit("1/1h").build())));
        RateLimitAsk[] asks = {RateLimitAsk.of("a", "x"), RateLimitAsk.of("b", "x"), RateLimitAsk.of("c", "y")};
        assertThat(limiters.tryAcquireAll(asks).admitted()).isTrue();
        assertThat(limiters.tryAcquireAll(asks).violated()).containsExactly("a", "c");
        int asked = store.calls;
        RateLimitVerdict known = limiters.tryAcquireAll(asks);
        assertThat(known.violated()).containsExactly("a", "c");
        assertThat(known.source()).isEqualTo(RateSource.CACHE);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.CACHE);
        assertThat(store.calls).isEqualTo(asked);
        assertThat(limiters.peek("b", "x").remaining()).isEqualTo(4);
        assertThat(limiters.tryAcquireAll(RateLimitAsk.of("b", "x"), RateLimitAsk.of("c", "z"))
                        .admitted())
                .isTrue();
    }

    @Test
    void aShadowLimitKnownToRefuseCountsAndLetsThrough() {
        List<RateLimitDecision> told = new ArrayList<>();
        RateLimitPolicies policies = RateLimitPolicies.of(Map.of(
                "a", limit("1/1h").mode(GuardMode.SHADOW).build(),
                "b", limit("3/1h").build()));
        RateLimiters limiters = RateLimiters.builder(policies, store)
                .ticker(() -> clock.micros() * 1_000)
                .background(Runnable::run)
                .listeners(new GuardListeners(List.of(event -> told.add((RateLimitDecision) event))))
                .build();
        RateLimitAsk[] asks = {RateLimitAsk.of("a", "x"), RateLimitAsk.of("b", "x")};
        for (int i = 0; i < 3; i++) {
            assertThat(limiters.tryAcquireAll(asks).admitted()).isTrue();
        }
        assertThat(limiters.tryAcquireAll(asks).violated()).containsExactly("b");
        int asked = store.calls;
        assertThat(limiters.tryAcquireAll(asks).violated()).containsExactly("b");
        assertThat(limiters.tryAcquire("a", "x").outcome()).isEqualTo(RateOutcome.SHADOW_REJECTED);
        assertThat(store.calls).isEqualTo(asked);
        assertThat(told)
                .extracting(RateLimitDecision::name, RateLimitDecision::outcome, event -> event.verdict()
                        .source())
                .containsExactly(
                        tuple("a", RateOutcome.ADMITTED, RateSource.STORE),
                        tuple("b", RateOutcome.ADMITTED, RateSource.STORE),
                        tuple("a", RateOutcome.SHADOW_REJECTED, RateSource.STORE),
                        tuple("b", RateOutcome.ADMITTED, RateSource.STORE),
                        tuple("a", RateOutcome.SHADOW_REJECTED, RateSource.CACHE),
                        tuple("b", RateOutcome.ADMITTED, RateSource.STORE),
                        tuple("b", RateOutcome.REJECTED, RateSource.STORE),
                        tuple("b", RateOutcome.REJECTED, RateSource.CACHE),
                        tuple("a", RateOutcome.SHADOW_REJECTED, RateSource.CACHE));
    }

    @Test
    void whereJointChargesAreTakenBackAutoRemembersNothing() {
        store = new RigStore(clock, Set.of(Capability.SHARED, Capability.SIGNALS));
        RateLimiters limiters = process(RateLimitPolicies.of(
                Map.of("a", limit("1/1h").build(), "b", limit("1/1h").build())));
        exhaust(limiters);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.CACHE);
        assertThat(limiters.tryAcquireAll(RateLimitAsk.of("a", "y"), RateLimitAsk.of("b", "y"))
                        .admitted())
                .isTrue();
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void asynchronousCallsLearnAndKnowAlike() {
        RateLimiters limiters = process(limit("1/1h"));
        limiters.tryAcquireAsync("a", "x", 1);
        limiters.tryAcquireAsync("a", "x", 1);
        int asked = store.calls;
        assertThat(limiters.tryAcquireAsync("a", "x", 1)
                        .toCompletableFuture()
                        .join()
                        .source())
                .isEqualTo(RateSource.CACHE);
        assertThat(limiters.acquireAsync("a", "x", 1).toCompletableFuture()).isCompletedExceptionally();
        assertThat(store.calls).isEqualTo(asked);
    }

    @Test
    void sizeAndAgeMustMakeSense() {
        RateLimiters.Builder builder = RateLimiters.builder(policies(limit("1/1h")), store);
        assertThatThrownBy(() -> builder.denialCache(0, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'0' is not positive");
        for (Duration age : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofHours(2))) {
            assertThatThrownBy(() -> builder.denialCache(1, age))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("out of range");
        }
    }

    @Test
    void whatIsForgottenIsAskedAnew() {
        RateLimiters limiters = process(limit("10/1h"));
        exhaust(limiters);
        store.values.clear();
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.CACHE);

        limiters.forgetAll();

        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
    }
}
