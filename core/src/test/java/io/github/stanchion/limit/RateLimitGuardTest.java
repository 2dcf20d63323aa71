package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.GuardSession;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.Outcome;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Settings that come from files alone, several limits on one method, and how calls end. */
class RateLimitGuardTest {

    private static LimitRig rig(String limit, UnaryOperator<RateLimitSettingsBuilder> settings) {
        return new LimitRig(
                "a", settings.apply(RateLimitSettings.builder().limit(limit)).build());
    }

    private static LimitRig rig(Map<String, RateLimitSettings> configured) {
        return new LimitRig(RateLimitPolicies.builder().configured(configured), RateLimitResolver.NONE);
    }

    // Settings

    @Test
    void shadowCountsAndReportsInAKeySpaceOfItsOwnAndRefusesNobody() {
        LimitRig rig = rig("2/1h", b -> b.mode(GuardMode.SHADOW).key("#who"));
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        assertThat(limited.admitted(10, "x")).isEqualTo(10);
        assertThat(rig.outcomes())
                .filteredOn(RateOutcome.SHADOW_REJECTED::equals)
                .hasSize(8);
        rig.policies.reload(Map.of(
                "a", RateLimitSettings.builder().limit("2/1h").key("#who").build()));
        assertThat(limited.admitted(10, "x")).isEqualTo(2);
    }

    @Test
    void offAsksNoStore() {
        LimitRig rig = rig("1/1h", b -> b.mode(GuardMode.OFF));
        assertThat(rig.guarded(Api.class, "a").admitted(5, "x")).isEqualTo(5);
        assertThat(rig.store.calls).isZero();
        assertThat(rig.outcomes()).containsOnly(RateOutcome.SKIPPED);
    }

    @Test
    void missingKeyIsOneSubjectOrRefusedOrSkipped() {
        LimitRig shared = rig("2/1h", b -> b.key("#who"));
        assertThat(shared.guarded(Api.class, "a").admitted(5, new Object[] {null}))
                .isEqualTo(2);
        assertThat(shared.events(RateLimitMissingKey.class)).hasSize(5);
        LimitRig deny = rig("2/1h", b -> b.key("#who").onMissingKey(MissingKey.DENY));
        assertThat(deny.guarded(Api.class, "a").admitted(5, new Object[] {null}))
                .isZero();
        assertThat(deny.store.calls).isZero();
        assertThat(deny.outcomes()).containsOnly(RateOutcome.BLOCKED);
        LimitRig skip = rig("2/1h", b -> b.key("#who").onMissingKey(MissingKey.SKIP));
        assertThat(skip.guarded(Api.class, "a").admitted(5, new Object[] {null}))
                .isEqualTo(5);
        assertThat(skip.store.calls).isZero();
    }

    @Test
    void alignedPeriodsBeginAtTheEpoch() {
        LimitRig first = rig("2/1h", b -> b.algorithm(RateAlgorithm.INTERVAL));
        LimitRig epoch = rig("2/1h", b -> b.algorithm(RateAlgorithm.INTERVAL).align(PeriodAlignment.EPOCH));
        for (LimitRig rig : List.of(first, epoch)) {
            rig.clock.advance(Duration.ofMinutes(50));
            assertThat(rig.guarded(Api.class, "a").admitted(5, "x")).isEqualTo(2);
            rig.clock.advance(Duration.ofMinutes(10));
        }
        assertThat(first.guarded(Api.class, "a").admitted(5, "x")).isZero();
        assertThat(epoch.guarded(Api.class, "a").admitted(5, "x")).isEqualTo(2);
    }

    @Test
    void maxDebtBoundsSettling() {
        LimitRig rig = rig("10/1h", b -> b.settle("#result").maxDebt(3L));
        rig.guarded(Api.class, "a").call(() -> 100, "x");
        assertThat(rig.settlements())
                .containsEntry(RateLimitSettled.Outcome.CHARGED, 12L)
                .containsEntry(RateLimitSettled.Outcome.FORGIVEN, 87L);
    }

    @Test
    void hashTagNamesTheSlot() {
        LimitRig byName = rig("1/1h", b -> b.key("#who").hashTag("name"));
        byName.guarded(Api.class, "a").admits("x");
        assertThat(byName.store.values.keySet())
                .allSatisfy(key -> assertThat(key.text()).isEqualTo("stanchion:1:rate-bucket:{a}:1.x"));
        LimitRig byTag = rig("1/1h", b -> b.key("#who").hashTag("'eu'"));
        byTag.guarded(Api.class, "a").admits("x");
        assertThat(byTag.limiters.tryAcquire("a", "x").admitted()).isFalse();
        assertThat(byTag.store.values.keySet())
                .allSatisfy(key -> assertThat(key.text()).contains("{t.").contains("eu"));
        LimitRig byCall = rig("1/1h", b -> b.key("#who").hashTag("#who"));
        byCall.guarded(Api.class, "a").admits("x");
        assertThat(byCall.store.values.keySet())
                .allSatisfy(key -> assertThat(key.text()).contains("{t."));
        assertThatThrownBy(() -> byCall.limiters.tryAcquire("a", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void maxWaitersBoundsWhoWaits() {
        LimitRig rig = rig("1/1s", b -> b.maxWait(Duration.ofMinutes(1)).maxWaiters(3));
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        List<GuardSession> waiting = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 6; i++) {
            GuardSession session =
                    limited.guard.open(new LimitRig.RigCall(limited.method, () -> "", new Object[] {"x"}));
            Move move = answer(session, session.begin());
            if (move instanceof Move.Pause) {
                waiting.add(session);
            } else if (move instanceof Move.Ask) {
                assertThat(answer(session, move)).isInstanceOf(Move.Reject.class);
                refused++;
            }
        }
        assertThat(waiting).hasSize(3);
        assertThat(refused).isEqualTo(2);
        assertThat(rig.policies.waiting("a")).isEqualTo(3);
        assertThat(rig.limiters
                        .peek("a", List.of(limited.method.qualifiedName()))
                        .remaining())
                .isEqualTo(-3);
        waiting.forEach(session -> assertThat(session.paused()).isInstanceOf(Move.Admit.class));
        assertThat(rig.policies.waiting("a")).isZero();
    }

    private static Move answer(GuardSession session, Move move) {
        if (move instanceof Move.AskAll all) {
            return session.answered(all.store().executeAll(all.steps()));
        }
        if (move instanceof Move.AskEach each) {
            return session.answered(each.store().executeEach(each.steps()));
        }
        Move.Ask ask = (Move.Ask) move;
        return session.answered(ask.store().execute(ask.key(), ask.operation()));
    }

    private static GuardSession open(LimitRig.Guarded limited, Object... arguments) {
        return limited.guard.open(new LimitRig.RigCall(limited.method, () -> "", arguments));
    }

    @Test
    void abandonedWaitsGiveAllPermitsBack() {
        LimitRig rig = rig("10/1s burst 1", b -> b.maxWait(Duration.ofSeconds(1)));
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        assertThat(limited.admits("x")).isTrue();
        List<GuardSession> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            GuardSession session =
                    limited.guard.open(new LimitRig.RigCall(limited.method, () -> "", new Object[] {"x"}));
            assertThat(answer(session, session.begin())).isInstanceOf(Move.Pause.class);
            waiting.add(session);
        }
        waiting.forEach(
                session -> assertThat(answer(session, session.abandoned())).isInstanceOf(Move.Reject.class));
        assertThat(rig.limiters
                        .peek("a", List.of(limited.method.qualifiedName()))
                        .remaining())
                .isZero();
        assertThat(rig.policies.waiting("a")).isZero();
    }

    // Plans

    @Test
    void plansHaveTheirOwnLimitsAndShareTheState() {
        LimitRig rig = planned(RateLimitResolver.NONE);
        LimitRig.Guarded limited = rig.guarded(Api.class, "planned");
        assertThat(limited.admitted(9, "a", "free")).isEqualTo(2);
        assertThat(limited.admitted(9, "b", "pro")).isEqualTo(5);
        assertThat(limited.admitted(9, "c", "other")).isEqualTo(3);
        assertThat(limited.admitted(9, "d", null)).isEqualTo(3);
        assertThat(rig.events(RateLimitUnknownPlan.class)).hasSize(18);
        assertThat(limited.admitted(1, "e", "free")).isEqualTo(1);
        // Half of the time to full is left, which is 2.5 of 5.
        assertThat(limited.admitted(9, "e", "pro")).isEqualTo(2);
    }

    @Test
    void unlimitedAndBlockedPlansAskNoStore() {
        LimitRig rig = planned(RateLimitResolver.NONE);
        LimitRig.Guarded limited = rig.guarded(Api.class, "planned");
        assertThat(limited.admitted(9, "a", "vip")).isEqualTo(9);
        assertThat(limited.admitted(9, "a", "banned")).isZero();
        assertThat(rig.store.calls).isZero();
        assertThat(rig.outcomes()).containsOnly(RateOutcome.UNLIMITED, RateOutcome.BLOCKED);
    }

    @Test
    void resolverChoosesThePolicyInCode() {
        LimitRig rig = planned((name, key, base) -> key.contains("big") ? base.withLimit("7/1m") : base);
        LimitRig.Guarded limited = rig.guarded(Api.class, "planned");
        assertThat(limited.admitted(9, "big", "free")).isEqualTo(7);
        assertThat(limited.admitted(9, "small", "free")).isEqualTo(2);
        int facade = 0;
        for (int i = 0; i < 9; i++) {
            facade += rig.limiters.tryAcquire("planned", List.of("big", "x")).admitted() ? 1 : 0;
        }
        assertThat(facade).isEqualTo(7);
    }

    @Test
    void resolverChoosesThePolicyThatPeekShowsToo() {
        LimitRig rig = planned((name, key, base) -> key.contains("big") ? base.withLimit("7/1m") : base);
        List<String> big = List.of("big", "x");
        assertThat(rig.limiters.peek("planned", big).remaining()).isEqualTo(7);
        assertThat(rig.limiters.peek("planned", "small").remaining()).isEqualTo(3);
        rig.limiters.tryAcquire("planned", big);
        StoreKey told = rig.policies.get("planned").subject(big);
        for (RateLimitVerdict verdict : List.of(
                rig.limiters.peek("planned", big),
                rig.limiters.peekAsync("planned", big).toCompletableFuture().join(),
                rig.limiters.peek("planned", told),
                rig.limiters.peek(rig.policies.get("planned"), big))) {
            assertThat(verdict.remaining()).isEqualTo(6);
            assertThat(verdict.limit()).isEqualTo(7);
        }
        assertThat(rig.limiters.tryAcquire("planned", told).remaining()).isEqualTo(5);
    }

    private static LimitRig planned(RateLimitResolver resolver) {
        Map<String, RatePlan> plans = new HashMap<>();
        plans.put("free", RatePlan.of("2/1m"));
        plans.put("pro", RatePlan.of("5/1m"));
        plans.put("vip", RatePlan.of("unlimited"));
        plans.put("banned", RatePlan.of("blocked"));
        RateLimitSettings settings = RateLimitSettings.builder()
                .limit("3/1m")
                .key("#who")
                .plan("#plan")
                .plans(plans)
                .build();
        return new LimitRig(RateLimitPolicies.builder().configured(Map.of("planned", settings)), resolver);
    }

    // Several limits

    @Test
    void severalLimitsChargeAllOrNone() {
        LimitRig rig = new LimitRig();
        LimitRig.Guarded limited = rig.guarded(Api.class, "userAndTenant");
        assertThat(limited.admitted(12, "A", "t")).isEqualTo(10);
        assertThat(limited.admitted(12, "B", "t")).isEqualTo(5);
        assertThat(rig.limiters.peek("user", "B").remaining()).isEqualTo(5);
        assertThatThrownBy(() -> limited.call(() -> "ok", "B", "t"))
                .isInstanceOfSatisfying(RateLimitExceededException.class, refused -> assertThat(refused.violated())
                        .containsExactly("tenant"));
        assertThatThrownBy(() -> limited.call(() -> "ok", "A", "t"))
                .isInstanceOfSatisfying(RateLimitExceededException.class, refused -> {
                    assertThat(refused.violated()).containsExactly("user", "tenant");
                    assertThat(refused.name()).isEqualTo("user");
                    assertThat(refused.retryAfter()).contains(Duration.ofMinutes(6));
                    assertThat(refused)
                            .hasMessage(
                                    "Call rejected by rate limits 'user' (10 per 1h) and 'tenant' (15 per 1h); retry"
                                            + " after 360 s");
                });
    }

    @Test
    void jointIntervalsChargeTogether() {
        LimitRig rig = new LimitRig();
        LimitRig.Guarded limited = rig.guarded(Api.class, "twoIntervals");
        List<Integer> admitted = new ArrayList<>();
        for (int second = 0; second < 3; second++) {
            admitted.add(limited.admitted(20));
            rig.clock.advance(Duration.ofSeconds(1));
        }
        rig.clock.advance(Duration.ofSeconds(-1));
        assertThat(admitted).containsExactly(10, 10, 5);
        assertThat(rig.limiters
                        .peek("fast", List.of(limited.method.qualifiedName()))
                        .remaining())
                .isEqualTo(5);
    }

    @Test
    void shadowLimitsRideAlong() {
        LimitRig rig = rig(Map.of(
                "user", RateLimitSettings.builder().mode(GuardMode.SHADOW).build()));
        LimitRig.Guarded limited = rig.guarded(Api.class, "userAndTenant");
        assertThat(limited.admitted(20, "A", "t")).isEqualTo(15);
        assertThat(rig.outcomes())
                .filteredOn(RateOutcome.SHADOW_REJECTED::equals)
                .hasSize(5);
        assertThat(rig.store.calls).isEqualTo(20);
    }

    @Test
    void oneSubjectAskedTwiceIsChargedTheSum() {
        LimitRig rig = new LimitRig();
        LimitRig.Guarded transfer = rig.guarded(Api.class, "transfer");
        assertThat(transfer.admits("a", "b")).isTrue();
        assertThat(transfer.admits("a", "a")).isTrue();
        assertThat(rig.limiters.peek("account", "a").remaining()).isEqualTo(1);
        assertThat(rig.limiters.peek("account", "b").remaining()).isEqualTo(3);
    }

    @Test
    void jointSettlementCorrectsEachLimitByItsOwnRule() {
        LimitRig rig = rig(Map.of(
                "user", RateLimitSettings.builder().count(CountedCalls.SUCCESS).build()));
        LimitRig.Guarded limited = rig.guarded(Api.class, "userAndTenant");
        assertThatThrownBy(() -> limited.call(
                        () -> {
                            throw new IllegalStateException();
                        },
                        "A",
                        "t"))
                .isInstanceOf(IllegalStateException.class);
        assertThat(rig.limiters.peek("user", "A").remaining()).isEqualTo(10);
        assertThat(rig.limiters.peek("tenant", "t").remaining()).isEqualTo(14);
    }

    @Test
    void clockThatStepsBackIsRepairedAfterAJointRefusal() {
        LimitRig rig = new LimitRig();
        LimitRig.Guarded limited = rig.guarded(Api.class, "userAndTenant");
        assertThat(limited.admitted(20, "A", "t")).isEqualTo(10);
        rig.clock.advance(Duration.ofHours(-2));
        assertThat(limited.admits("A", "t")).isFalse();
        rig.clock.advance(Duration.ofMinutes(6));
        assertThat(limited.admitted(20, "A", "t")).isEqualTo(1);
    }

    @Test
    void severalWaitsAreOneAsLongAsTheLongest() {
        LimitRig rig = new LimitRig();
        LimitRig.Guarded limited = rig.guarded(Api.class, "twoWaits");
        assertThat(limited.admitted(3, "x")).isEqualTo(3);
        assertThat(rig.clock.slept).containsExactly(250_000L, 500_000L);
        assertThat(remaining(rig, "quick", "slow")).containsExactly(-2L, -2L);
        assertThat(rig.store.calls).isEqualTo(3 + 2);
        assertThat(rig.outcomes())
                .containsExactly(
                        RateOutcome.ADMITTED,
                        RateOutcome.ADMITTED,
                        RateOutcome.DELAYED,
                        RateOutcome.DELAYED,
                        RateOutcome.DELAYED,
                        RateOutcome.DELAYED);
        assertNobodyWaits(rig);
    }

    @Test
    void jointWaitThatIsAbandonedGivesAllPermitsBack() {
        LimitRig rig = new LimitRig();
        LimitRig.Guarded limited = rig.guarded(Api.class, "twoWaits");
        assertThat(limited.admits("x")).isTrue();
        GuardSession session = open(limited, "x");
        assertThat(answer(session, session.begin())).isEqualTo(new Move.Pause(250_000));
        assertThat(rig.policies.waiting("quick")).isEqualTo(1);
        assertThat(rig.policies.waiting("slow")).isEqualTo(1);
        assertThat(remaining(rig, "quick", "slow")).containsExactly(-1L, -1L);

        assertThat(answer(session, session.abandoned())).isInstanceOf(Move.Reject.class);
        assertThat(remaining(rig, "quick", "slow")).containsExactly(0L, 0L);
        assertThat(rig.settlements()).containsOnly(Map.entry(RateLimitSettled.Outcome.REFUNDED, 2L));
        assertNobodyWaits(rig);
    }

    @Test
    void jointWaitThatIsInterruptedGivesAllPermitsBack() {
        LimitRig rig = new LimitRig();
        LimitRig.Guarded limited = rig.guarded(Api.class, "twoWaits");
        assertThat(limited.admits("x")).isTrue();
        rig.clock.interrupting = true;
        assertThatThrownBy(() -> limited.call(() -> "ok", "x"))
                .isInstanceOfSatisfying(RateLimitExceededException.class, refused -> {
                    assertThat(refused.violated()).containsExactly("quick", "slow");
                    assertThat(refused.retryAfter()).contains(Duration.ofMillis(250));
                });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(remaining(rig, "quick", "slow")).containsExactly(0L, 0L);
        assertNobodyWaits(rig);
    }

    @Test
    void jointWaitWithoutAPlaceAtOneLimitGivesAllPermitsBack() {
        for (String full : List.of("quick", "slow")) {
            LimitRig rig =
                    rig(Map.of(full, RateLimitSettings.builder().maxWaiters(1).build()));
            LimitRig.Guarded limited = rig.guarded(Api.class, "twoWaits");
            assertThat(limited.admits("x")).isTrue();
            rig.limiters.acquire(full, "other", 1);
            CompletionStage<Permit> other = rig.limiters.acquireAsync(full, "other", 1);
            assertThat(rig.policies.waiting(full)).isEqualTo(1);

            assertThatThrownBy(() -> limited.call(() -> "ok", "x"))
                    .isInstanceOfSatisfying(RateLimitExceededException.class, refused -> assertThat(refused.violated())
                            .containsExactly(full));
            assertThat(remaining(rig, "quick", "slow")).containsExactly(0L, 0L);
            assertThat(rig.policies.waiting("quick") + rig.policies.waiting("slow"))
                    .isEqualTo(1);
            rig.clock.asleep.forEach(sleep -> sleep.complete(null));
            assertThat(other.toCompletableFuture()).isDone();
            assertNobodyWaits(rig);
            assertThat(limited.admits("x")).isTrue();
        }
    }

    @Test
    void limitsInShadowModeMakeNobodyWait() {
        LimitRig rig = rig(Map.of(
                "slow", RateLimitSettings.builder().mode(GuardMode.SHADOW).build()));
        LimitRig.Guarded limited = rig.guarded(Api.class, "twoWaits");
        assertThat(limited.admitted(2, "x")).isEqualTo(2);
        assertThat(rig.clock.slept).containsExactly(100_000L);
        RateLimitSettings shadow =
                RateLimitSettings.builder().mode(GuardMode.SHADOW).build();
        LimitRig shadows = rig(Map.of("quick", shadow, "slow", shadow));
        assertThat(shadows.guarded(Api.class, "twoWaits").admitted(20, "x")).isEqualTo(20);
        assertThat(shadows.clock.slept).isEmpty();
        assertNobodyWaits(shadows);
    }

    private static void assertNobodyWaits(LimitRig rig) {
        assertThat(rig.policies.waiting("quick")).isZero();
        assertThat(rig.policies.waiting("slow")).isZero();
    }

    private static List<Long> remaining(LimitRig rig, String... names) {
        return Stream.of(names)
                .map(name -> rig.limiters.peek(name, "x").remaining())
                .toList();
    }

    @Test
    void costThatOneLimitCanNeverAdmitChargesNone() {
        LimitRig rig = new LimitRig();
        LimitRig.Guarded limited = rig.guarded(Api.class, "twoCosts");
        assertThatThrownBy(() -> limited.call(() -> "ok", "x", 3))
                .isInstanceOfSatisfying(RateLimitExceededException.class, refused -> {
                    assertThat(refused.neverAdmits()).isTrue();
                    assertThat(refused.retryAfter()).isEmpty();
                    assertThat(refused.violated()).containsExactly("tenant");
                    assertThat(refused)
                            .hasMessage("Call rejected by rate limit 'tenant' (2 per 1h): its cost 3 is above the"
                                    + " capacity 2");
                });
        assertThat(rig.store.calls).isZero();
        assertThat(rig.outcomes()).containsExactly(RateOutcome.NEVER);
        assertThat(remaining(rig, "user", "tenant")).containsExactly(10L, 2L);
        assertThat(limited.admits("x", 2)).isTrue();
        assertThat(remaining(rig, "user", "tenant")).containsExactly(8L, 0L);
    }

    @Test
    void planThatIsBlockedChargesNoneOfTheOtherLimits() {
        LimitRig rig = rig(Map.of(
                "tenant",
                RateLimitSettings.builder()
                        .plan("#plan")
                        .plans(Map.of("banned", RatePlan.of("blocked")))
                        .build()));
        LimitRig.Guarded limited = rig.guarded(Api.class, "onePlan");
        assertThatThrownBy(() -> limited.call(() -> "ok", "x", "banned"))
                .isInstanceOfSatisfying(RateLimitExceededException.class, refused -> {
                    assertThat(refused.neverAdmits()).isTrue();
                    assertThat(refused.retryAfter()).isEmpty();
                    assertThat(refused.violated()).containsExactly("tenant");
                });
        assertThat(rig.store.calls).isZero();
        assertThat(rig.outcomes()).containsExactly(RateOutcome.BLOCKED);
        assertThat(remaining(rig, "user", "tenant")).containsExactly(10L, 2L);
        assertThat(limited.admitted(5, "x", "free")).isEqualTo(2);
    }

    @Test
    void moreThanSixteenLimitsAreRefused() {
        assertThatThrownBy(() -> new LimitRig().guarded(Api.class, "seventeen"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("Number of rate limits '17' on Api.seventeen")
                .hasMessageContaining("at most 16");
    }

    // Ends of calls

    @Test
    void costAboveCapacityIsNeverAdmittedAndAsksNoStore() {
        LimitRig rig = rig("100/1m", b -> b.cost("#who"));
        assertThatThrownBy(() -> rig.guarded(Api.class, "a").call(() -> "ok", 101))
                .isInstanceOfSatisfying(RateLimitExceededException.class, refused -> {
                    assertThat(refused.neverAdmits()).isTrue();
                    assertThat(refused.retryAfter()).isEmpty();
                    assertThat(refused)
                            .hasMessage("Call rejected by rate limit 'a' (100 per 1m): its cost 101 is above the"
                                    + " capacity 100");
                });
        assertThat(rig.store.calls).isZero();
        assertThat(rig.outcomes()).containsExactly(RateOutcome.NEVER);
    }

    @Test
    void refusalSaysWhichLimitAndWhenToComeBack() {
        LimitRig rig = rig("100/1m", b -> b);
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        assertThat(limited.admitted(100, "x")).isEqualTo(100);
        rig.clock.advanceMicros(123_456);
        assertThatThrownBy(() -> limited.call(() -> "ok", "x"))
                .hasMessage("Call rejected by rate limit 'a' (100 per 1m); retry after 477 ms");
    }

    @Test
    void fiftyConcurrentFailuresAreFiveBodies() {
        LimitRig rig = rig("5/1h", b -> b.count(CountedCalls.FAILURE));
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        List<GuardSession> running = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            GuardSession session =
                    limited.guard.open(new LimitRig.RigCall(limited.method, () -> "", new Object[] {"x"}));
            if (answer(session, session.begin()) instanceof Move.Admit) {
                running.add(session);
            }
        }
        assertThat(running).hasSize(5);
        running.forEach(session -> assertThat(session.left(new Outcome.Threw(new IllegalStateException())))
                .isInstanceOf(Move.Admit.class));
        assertThat(limited.admits("x")).isFalse();
    }

    @Test
    void cancelledBodiesStayCharged() {
        LimitRig rig = rig("5/1h", b -> b.count(CountedCalls.SUCCESS));
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        int bodies = 0;
        for (int i = 0; i < 50; i++) {
            GuardSession session =
                    limited.guard.open(new LimitRig.RigCall(limited.method, () -> "", new Object[] {"x"}));
            if (answer(session, session.begin()) instanceof Move.Admit) {
                bodies++;
                assertThat(session.left(new Outcome.Cancelled())).isInstanceOf(Move.Admit.class);
            }
        }
        assertThat(bodies).isEqualTo(5);
    }

    @Test
    void bodyThatNeverRanIsGivenBackWhereCallsAreCounted() {
        for (UnaryOperator<RateLimitSettingsBuilder> rule : List.<UnaryOperator<RateLimitSettingsBuilder>>of(
                b -> b.count(CountedCalls.FAILURE), b -> b.refundWhen("#result"), b -> b.settle("#result"))) {
            LimitRig rig = rig("5/1h", rule);
            LimitRig.Guarded limited = rig.guarded(Api.class, "a");
            GuardSession session =
                    limited.guard.open(new LimitRig.RigCall(limited.method, () -> "", new Object[] {"x"}));
            assertThat(answer(session, session.begin())).isInstanceOf(Move.Admit.class);
            assertThat(answer(session, session.left(new Outcome.NotRun(new IllegalStateException()))))
                    .isInstanceOf(Move.Admit.class);
            assertThat(rig.store.values).isEmpty();
        }
    }

    // Store away

    @Test
    void localShareDecidesWhileTheStoreIsAwayAndIsNotGrantedAnewByItsReturn() {
        LimitRig rig = away(b -> b);
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        assertThat(limited.admitted(9, "x")).isEqualTo(5);
        assertThat(rig.policies.isDegraded("a")).isTrue();
        assertThat(rig.events(RateLimitDegraded.class)).hasSize(1);
        assertThat(rig.events(RateLimitDecision.class))
                .allSatisfy(event -> assertThat(event.verdict().source()).isEqualTo(RateSource.LOCAL));
        rig.store.failing = false;
        assertThat(limited.admitted(20, "x")).isEqualTo(10);

        rig.store.failing = true;
        assertThat(limited.admitted(9, "x")).isZero();
    }

    @Test
    void aForgottenOutageIsNewsAgain() {
        LimitRig rig = away(b -> b);
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        limited.admits("x");
        assertThat(rig.policies.isDegraded("a")).isTrue();

        rig.limiters.forgetAll();

        assertThat(rig.policies.isDegraded("a")).isFalse();
        limited.admits("x");
        assertThat(rig.events(RateLimitDegraded.class)).hasSize(2);
        assertThat(rig.events(RateLimitRecovered.class)).isEmpty();
    }

    @Test
    void failuresAndAnswersInTurnAreOneOutageWhichIsOverOnceNoneHasFailedForAWhile() {
        LimitRig rig = away(b -> b);
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        for (int i = 0; i < 100; i++) {
            rig.store.failing = i % 2 == 0;
            limited.admits("x");
            rig.clock.advance(Duration.ofMillis(100));
        }
        rig.store.failing = false;
        rig.clock.advanceMicros(4_799_999);
        limited.admits("x");
        assertThat(rig.policies.isDegraded("a")).isTrue();
        assertThat(rig.events(RateLimitDegraded.class)).hasSize(1);
        assertThat(rig.events(RateLimitRecovered.class)).isEmpty();

        rig.clock.advanceMicros(1);
        limited.admits("x");
        limited.admits("x");
        assertThat(rig.policies.isDegraded("a")).isFalse();
        assertThat(rig.events(RateLimitRecovered.class)).hasSize(1);

        rig.store.failing = true;
        limited.admits("x");
        assertThat(rig.events(RateLimitDegraded.class)).hasSize(2);
    }

    @Test
    void localShareCapsTheCostAndFillsAtItsShareOfThePace() {
        LimitRig rig = away(b -> b.cost("#who"));
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        assertThat(limited.admits(10)).isTrue();
        rig.clock.advance(Duration.ofMinutes(59));
        assertThat(limited.admits(10)).isFalse();
        rig.clock.advance(Duration.ofMinutes(1));
        assertThat(limited.admits(10)).isTrue();
    }

    @Test
    void openAdmitsAllUncounted() {
        LimitRig rig = away(b -> b.onStoreFailure(FailurePolicy.OPEN));
        assertThat(rig.guarded(Api.class, "a").admitted(20, "x")).isEqualTo(20);
        assertThat(rig.local.calls).isZero();
        assertThat(rig.outcomes()).containsOnly(RateOutcome.SKIPPED);
    }

    @Test
    void closedRejectsAndItsFallbackAnswers() {
        LimitRig rig = away(b -> b.onStoreFailure(FailurePolicy.CLOSED));
        assertThatThrownBy(() -> rig.guarded(Api.class, "a").call(() -> "ok", "x"))
                .isInstanceOfSatisfying(StoreUnavailableException.class, refused -> {
                    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
                    assertThat(refused.outcomeUnknown()).isTrue();
                });
        LimitRig answered = away(b -> b.onStoreFailure(FailurePolicy.CLOSED).fallback("instead"), "instead");
        assertThat(answered.guarded(Api.class, "a").call(() -> "ok", "x")).isEqualTo("instead");
    }

    @Test
    void throwFailsAndItsFallbackIsNotRun() {
        LimitRig rig = away(b -> b.onStoreFailure(FailurePolicy.THROW).fallback("instead"), "instead");
        assertThatThrownBy(() -> rig.guarded(Api.class, "a").call(() -> "ok", "x"))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void shadowLetsThroughWhateverTheStoreDoes() {
        LimitRig rig = away(b -> b.onStoreFailure(FailurePolicy.THROW).mode(GuardMode.SHADOW));
        assertThat(rig.guarded(Api.class, "a").admitted(20, "x")).isEqualTo(20);
    }

    @Test
    void severalLimitsGoLocalTogether() {
        LimitRig rig = new LimitRig(RateLimitPolicies.builder().expectedInstances(5), RateLimitResolver.NONE);
        rig.store.failing = true;
        assertThat(rig.guarded(Api.class, "userAndTenant").admitted(20, "A", "t"))
                .isEqualTo(2);
        LimitRig closed = new LimitRig(
                RateLimitPolicies.builder()
                        .configured(Map.of(
                                "tenant",
                                RateLimitSettings.builder()
                                        .onStoreFailure(FailurePolicy.CLOSED)
                                        .build())),
                RateLimitResolver.NONE);
        closed.store.failing = true;
        assertThatThrownBy(() -> closed.guarded(Api.class, "userAndTenant").call(() -> "ok", "A", "t"))
                .isInstanceOfSatisfying(StoreUnavailableException.class, refused -> assertThat(refused.name())
                        .isEqualTo("tenant"));
    }

    @Test
    void settlementThatTheStoreLosesLeavesTheResult() {
        LimitRig rig = rig("5/1h", b -> b.count(CountedCalls.FAILURE));
        Object result = rig.guarded(Api.class, "a")
                .call(
                        () -> {
                            rig.store.failing = true;
                            return "ok";
                        },
                        "x");
        assertThat(result).isEqualTo("ok");
        assertThat(rig.settlements()).containsOnly(Map.entry(RateLimitSettled.Outcome.LOST, 1L));
    }

    private static LimitRig away(UnaryOperator<RateLimitSettingsBuilder> settings, String... fallbacks) {
        RateLimitPolicies.Builder policies = RateLimitPolicies.builder()
                .expectedInstances(2)
                .configured(Map.of(
                        "a",
                        settings.apply(RateLimitSettings.builder().limit("10/1h"))
                                .build()));
        LimitRig rig = new LimitRig(policies, RateLimitResolver.NONE);
        for (String name : fallbacks) {
            rig.fallbacks.put(name, (call, failure) -> name);
        }
        rig.store.failing = true;
        return rig;
    }

    /** Methods found by name. */
    interface Api {
        @RateLimited("a")
        Object a(Object who);

        @RateLimited("planned")
        void planned(String who, String plan);

        @RateLimited(name = "user", limit = "10/1h", key = "#user")
        @RateLimited(name = "tenant", limit = "15/1h", key = "#tenant")
        void userAndTenant(String user, String tenant);

        @RateLimited(name = "fast", limit = "10/1s", algorithm = RateAlgorithm.INTERVAL)
        @RateLimited(name = "slow", limit = "25/1m", algorithm = RateAlgorithm.INTERVAL)
        void twoIntervals();

        @RateLimited(name = "quick", limit = "10/1s burst 1", key = "#who", maxWait = "1s")
        @RateLimited(name = "slow", limit = "4/1s burst 1", key = "#who", maxWait = "1s")
        Object twoWaits(Object who);

        @RateLimited(name = "user", limit = "10/1h", key = "#who", cost = "#cost")
        @RateLimited(name = "tenant", limit = "2/1h", key = "#who", cost = "#cost")
        Object twoCosts(Object who, Object cost);

        @RateLimited(name = "user", limit = "10/1h", key = "#who")
        @RateLimited(name = "tenant", limit = "2/1h", key = "#who")
        Object onePlan(Object who, String plan);

        @RateLimited(name = "account", limit = "4/1h", key = "#from")
        @RateLimited(name = "account", limit = "4/1h", key = "#to")
        void transfer(String from, String to);

        @RateLimited(limit = "1/1s")
        @RateLimited(limit = "2/1s")
        @RateLimited(limit = "3/1s")
        @RateLimited(limit = "4/1s")
        @RateLimited(limit = "5/1s")
        @RateLimited(limit = "6/1s")
        @RateLimited(limit = "7/1s")
        @RateLimited(limit = "8/1s")
        @RateLimited(limit = "9/1s")
        @RateLimited(limit = "10/1s")
        @RateLimited(limit = "11/1s")
        @RateLimited(limit = "12/1s")
        @RateLimited(limit = "13/1s")
        @RateLimited(limit = "14/1s")
        @RateLimited(limit = "15/1s")
        @RateLimited(limit = "16/1s")
        @RateLimited(limit = "17/1s")
        void seventeen();
    }
}
