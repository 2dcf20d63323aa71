package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.GuardExpression.CallEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;

/** Every attribute of the annotation: each test fails if its attribute is ignored. */
class RateLimitAttributesTest {

    private final LimitRig rig = new LimitRig();

    RateLimitAttributesTest() {
        rig.expressions.put("#t", (call, end) -> "t");
    }

    private LimitRig.Guarded guarded(String method) {
        return rig.guarded(Api.class, method);
    }

    @Test
    void limitIsKept() {
        LimitRig.Guarded two = guarded("two");
        assertThat(two.admitted(5)).isEqualTo(2);
        rig.clock.advance(Duration.ofSeconds(30));
        assertThat(two.admitted(5)).isEqualTo(1);
    }

    @Test
    void severalLimitsAllHold() {
        LimitRig.Guarded limited = guarded("burstAndPace");
        assertThat(limited.admitted(9)).isEqualTo(2);
        rig.clock.advance(Duration.ofSeconds(1));
        assertThat(limited.admitted(9)).isEqualTo(1);
    }

    @Test
    void algorithmIsUsed() {
        LimitRig.Guarded log = guarded("log");
        assertThat(log.admitted(5)).isEqualTo(2);
        rig.clock.advance(Duration.ofSeconds(59));
        assertThat(log.admitted(5)).isZero();
        rig.clock.advance(Duration.ofSeconds(1));
        assertThat(log.admitted(5)).isEqualTo(2);
    }

    @Test
    void keyTellsSubjectsApart() {
        LimitRig.Guarded limited = guarded("byUser");
        assertThat(limited.admitted(3, "alice")).isEqualTo(2);
        assertThat(limited.admitted(3, "bob")).isEqualTo(2);
    }

    @Test
    void severalKeysAreOneSubject() {
        LimitRig.Guarded limited = guarded("byTenantAndUser");
        assertThat(limited.admitted(2, "a", "b")).isEqualTo(1);
        assertThat(limited.admitted(2, "a", "c")).isEqualTo(1);
        assertThat(limited.admitted(2, "b", "a")).isEqualTo(1);
    }

    @Test
    void methodsShareASubjectByNameAndKey() {
        LimitRig.Guarded one = guarded("shared");
        LimitRig.Guarded other = guarded("sharedToo");
        assertThat(one.admitted(2, "alice")).isEqualTo(2);
        assertThat(other.admits("alice")).isFalse();
        assertThat(other.admits("bob")).isTrue();
    }

    @Test
    void methodsWithoutKeyAreSubjectsOfTheirOwn() {
        LimitRig.Guarded one = guarded("keyless");
        LimitRig.Guarded other = guarded("keylessToo");
        assertThat(one.admitted(3)).isEqualTo(2);
        assertThat(other.admitted(3)).isEqualTo(2);
    }

    @Test
    void costIsCharged() {
        LimitRig.Guarded limited = guarded("costly");
        assertThat(limited.admitted(20, 7)).isEqualTo(14);
        assertThat(limited.admits(3)).isFalse();
        assertThat(limited.admits(2)).isTrue();
    }

    @Test
    void constantCostIsCharged() {
        assertThat(guarded("constantCost").admitted(9)).isEqualTo(3);
    }

    @Test
    void costThatIsNoCostRunsNothingAndChargesNothing() {
        LimitRig.Guarded limited = guarded("costly");
        for (Object cost : new Object[] {-1, 1.5, "1", null}) {
            assertThatThrownBy(() -> limited.call(() -> "ok", cost))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Cost")
                    .hasMessageContaining("'Api#costly(Object)'");
        }
        assertThat(rig.store.calls).isZero();
    }

    @Test
    void falseConditionAsksNoStore() {
        LimitRig.Guarded limited = guarded("conditional");
        assertThat(limited.admitted(5, false)).isEqualTo(5);
        assertThat(rig.store.calls).isZero();
        assertThat(limited.admitted(5, true)).isEqualTo(1);
        assertThatThrownBy(() -> limited.admits("yes")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countSuccessGivesFailuresBack() {
        LimitRig.Guarded limited = guarded("successes");
        int runs = 0;
        for (int i = 1; i <= 15; i++) {
            boolean succeeds = i % 3 == 0;
            if (succeeds) {
                limited.call(() -> "ok");
            } else {
                assertThatThrownBy(() -> limited.call(() -> {
                            throw new IllegalStateException();
                        }))
                        .isInstanceOf(IllegalStateException.class);
            }
            runs++;
        }
        assertThat(runs).isEqualTo(15);
        assertThat(limited.admits()).isFalse();
        assertThat(rig.settlements()).containsEntry(RateLimitSettled.Outcome.REFUNDED, 10L);
    }

    @Test
    void countFailureKeepsFailuresAndErrorStatus() {
        LimitRig.Guarded limited = guarded("failures");
        limited.call(() -> 200);
        limited.call(() -> 404);
        assertThatThrownBy(() -> limited.call(() -> {
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(limited.admits()).isFalse();
    }

    @Test
    void countClientErrorKeepsThoseAlone() {
        LimitRig.Guarded limited = guarded("clientErrors");
        limited.call(() -> 500);
        limited.call(() -> 200);
        limited.call(() -> 404);
        limited.call(() -> 499);
        assertThat(limited.admits()).isFalse();
    }

    @Test
    void refundWhenGivesBack() {
        LimitRig.Guarded limited = guarded("refunding");
        limited.call(() -> true);
        limited.call(() -> false);
        assertThat(limited.admits()).isFalse();
    }

    @Test
    void settleChargesTheRealCostIntoDebt() {
        LimitRig.Guarded limited = guarded("settling");
        limited.call(() -> 2_500);
        limited.call(() -> 2_500);
        limited.call(() -> 2_500);
        assertThat(rig.limiters.peek("llm", "t").remaining()).isEqualTo(2_500);
        limited.call(() -> 9_000);
        assertThat(rig.limiters.peek("llm", "t").remaining()).isEqualTo(-6_500);
        RateLimitVerdict verdict = rig.limiters.tryAcquire("llm", "t", 1_000);
        assertThat(verdict.retryAfter()).contains(Duration.ofMinutes(45));
    }

    @Test
    void settlingForgivesWhatIsDeeperThanTheDeepestDebt() {
        LimitRig.Guarded limited = guarded("settling");
        for (int i = 0; i < 3; i++) {
            limited.call(() -> 2_500);
        }
        limited.call(() -> 50_000);
        assertThat(rig.limiters.peek("llm", "t").remaining()).isEqualTo(-10_000);
        assertThat(rig.settlements()).containsEntry(RateLimitSettled.Outcome.FORGIVEN, 37_500L);
    }

    static Stream<Object> noCosts() {
        return Stream.of(-1, 1.5, "7", true, new IllegalStateException("no usage"));
    }

    @ParameterizedTest
    @NullSource
    @MethodSource("noCosts")
    void settleThatFailsLeavesReservationAndResult(@Nullable Object cost) {
        rig.expressions.put("#result", (call, end) -> orThrow(Objects.requireNonNull(end), cost));
        LimitRig.Guarded limited = guarded("settling");
        assertThat(limited.call(() -> "answer")).isEqualTo("answer");
        assertThat(rig.limiters.peek("llm", "t").remaining()).isEqualTo(9_000);
        assertThat(rig.settlements()).containsOnlyKeys(RateLimitSettled.Outcome.LOST);
    }

    @ParameterizedTest
    @NullSource
    @MethodSource("noConditions")
    void refundWhenThatFailsLeavesReservationAndResult(@Nullable Object condition) {
        rig.expressions.put("#result", (call, end) -> orThrow(Objects.requireNonNull(end), condition));
        LimitRig.Guarded limited = guarded("refunding");
        assertThat(limited.call(() -> "answer")).isEqualTo("answer");
        assertThat(limited.admits()).isFalse();
        assertThat(rig.settlements()).containsOnlyKeys(RateLimitSettled.Outcome.LOST);
    }

    static Stream<Object> noConditions() {
        return Stream.of(1, "true", new IllegalStateException("no result"));
    }

    /** What an expression comes to, or throws; it sees how the call ended. */
    private static @Nullable Object orThrow(CallEnd end, @Nullable Object outcome) {
        assertThat(end.result()).isEqualTo("answer");
        if (outcome instanceof RuntimeException trouble) {
            throw trouble;
        }
        return outcome;
    }

    @Test
    void settlementsSeeStatusErrorAndReservation() {
        rig.expressions.put(
                "unavailable", (call, end) -> Objects.requireNonNull(end).status() == 503);
        rig.expressions.put(
                "interrupted", (call, end) -> Objects.requireNonNull(end).error() instanceof IllegalStateException);
        rig.expressions.put("half", (call, end) -> Objects.requireNonNull(end).reserved() / 2);
        LimitRig.Guarded byStatus = guarded("refundedByStatus");
        byStatus.call(() -> 503);
        byStatus.call(() -> 200);
        assertThat(byStatus.admits()).isFalse();

        LimitRig.Guarded byError = guarded("refundedByError");
        for (RuntimeException error : List.of(new IllegalStateException(), new IllegalArgumentException())) {
            assertThatThrownBy(() -> byError.call(() -> {
                        throw error;
                    }))
                    .isSameAs(error);
        }
        assertThat(byError.admits()).isFalse();

        LimitRig.Guarded byReservation = guarded("settledByReservation");
        byReservation.call(() -> "answer");
        assertThat(rig.limiters.peek("reserved", "t").remaining()).isEqualTo(6);
        assertThat(rig.settlements()).containsOnly(Map.entry(RateLimitSettled.Outcome.REFUNDED, 1L + 1 + 4));
    }

    @Test
    void maxWaitReservesAheadAndRefusesTheRestAtOnce() {
        LimitRig.Guarded limited = guarded("waiting");
        assertThat(limited.admitted(11)).isEqualTo(11);
        assertThat(rig.clock.slept)
                .containsExactly(
                        100_000L,
                        200_000L,
                        300_000L,
                        400_000L,
                        500_000L,
                        600_000L,
                        700_000L,
                        800_000L,
                        900_000L,
                        1_000_000L);
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> limited.call(() -> "ok"))
                    .isInstanceOfSatisfying(
                            RateLimitExceededException.class,
                            refused -> assertThat(refused.retryAfter()).contains(Duration.ofMillis(100)));
        }
        assertThat(rig.store.calls).isEqualTo(15);
        assertThat(rig.outcomes()).containsExactlyElementsOf(expectedWaits());
    }

    private static List<RateOutcome> expectedWaits() {
        List<RateOutcome> expected = new ArrayList<>();
        expected.add(RateOutcome.ADMITTED);
        expected.addAll(Collections.nCopies(10, RateOutcome.DELAYED));
        expected.addAll(Collections.nCopies(4, RateOutcome.REJECTED));
        return expected;
    }

    @Test
    void interruptedWaitGivesItsPermitBack() {
        LimitRig.Guarded limited = guarded("waiting");
        assertThat(limited.admits()).isTrue();
        rig.clock.interrupting = true;
        assertThatThrownBy(() -> limited.call(() -> "ok")).isInstanceOf(RateLimitExceededException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(rig.policies.waiting("Api#waiting()")).isZero();
        rig.clock.interrupting = false;
        limited.call(() -> "ok");
        assertThat(rig.clock.slept).containsExactly(100_000L);
    }

    @Test
    void fallbackAnswersRefusals() {
        rig.fallbacks.put(
                "instead", (call, failure) -> "instead of " + failure.getClass().getSimpleName());
        LimitRig.Guarded limited = guarded("answered");
        assertThat(limited.call(() -> "ok")).isEqualTo("ok");
        assertThat(limited.call(() -> "ok")).isEqualTo("instead of RateLimitExceededException");
    }

    @Test
    void fallbackOnAnswersNamedFailuresAlone() {
        rig.fallbacks.put("instead", (call, failure) -> "instead");
        LimitRig.Guarded limited = guarded("answeredMore");
        assertThat(limited.call(() -> {
                    throw new UncheckedIOException(new IOException());
                }))
                .isEqualTo("instead");
        assertThatThrownBy(() -> limited.call(() -> {
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void annotationOfClassHoldsForItsMethods() {
        assertThat(rig.guarded(Whole.class, "any").admitted(3)).isEqualTo(1);
        assertThat(rig.guarded(Whole.class, "own").admitted(3)).isEqualTo(2);
    }

    /** Methods found by name. */
    interface Api {
        @RateLimited(limit = "2/1m")
        void two();

        @RateLimited(limit = {"2/2s", "10/1h"})
        void burstAndPace();

        @RateLimited(limit = "2/1m", algorithm = RateAlgorithm.SLIDING_LOG)
        void log();

        @RateLimited(limit = "2/1m", key = "#user")
        void byUser(String user);

        @RateLimited(
                limit = "1/1m",
                key = {"#tenant", "#user"})
        void byTenantAndUser(String tenant, String user);

        @RateLimited(name = "shared", limit = "2/1m", key = "#user")
        void shared(String user);

        @RateLimited(value = "shared", limit = "2/1m", key = "#who")
        void sharedToo(String who);

        @RateLimited(name = "keyless", limit = "2/1m")
        void keyless();

        @RateLimited(name = "keyless", limit = "2/1m")
        void keylessToo();

        @RateLimited(limit = "100/1h", cost = "#cost")
        void costly(Object cost);

        @RateLimited(limit = "100/1h", cost = "30")
        void constantCost();

        @RateLimited(limit = "1/1h", condition = "#limited")
        void conditional(Object limited);

        @RateLimited(limit = "5/1h", count = CountedCalls.SUCCESS)
        void successes();

        @RateLimited(limit = "2/1h", count = CountedCalls.FAILURE)
        void failures();

        @RateLimited(limit = "2/1h", count = CountedCalls.CLIENT_ERROR)
        void clientErrors();

        @RateLimited(limit = "1/1h", refundWhen = "#result")
        Object refunding();

        @RateLimited(name = "llm", limit = "10000/1h", key = "#t", cost = "1000", settle = "#result")
        Object settling();

        @RateLimited(limit = "1/1h", refundWhen = "unavailable")
        Object refundedByStatus();

        @RateLimited(limit = "1/1h", refundWhen = "interrupted")
        Object refundedByError();

        @RateLimited(name = "reserved", limit = "10/1h", key = "#t", cost = "8", settle = "half")
        Object settledByReservation();

        @RateLimited(limit = "10/1s burst 1", maxWait = "1s")
        void waiting();

        @RateLimited(limit = "1/1h", fallback = "instead")
        Object answered();

        @RateLimited(limit = "10/1h", fallback = "instead", fallbackOn = UncheckedIOException.class)
        Object answeredMore();
    }

    /** Limited as a whole. */
    @RateLimited(limit = "1/1h")
    interface Whole {
        void any();

        @RateLimited(limit = "2/1h")
        void own();
    }
}
