package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.store.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permits that a process charges ahead: spent once, in time, or returned. */
class LeaseTest {

    private static final Duration TTL = Duration.ofMillis(200);

    private final RigTimers timers = new RigTimers();
    private final RigStore store = new RigStore(
            timers.clock, Set.of(Capability.SHARED, Capability.JOINT, Capability.SIGNALS, Capability.SCAN));
    private final RigStore local = new RigStore(timers.clock);
    private final List<GuardEvent> events = new ArrayList<>();

    private RateLimiters process(RateLimitPolicies policies) {
        return RateLimiters.builder(policies, store)
                .localStore(local)
                .sleeper(timers)
                .ticker(timers)
                .listeners(new GuardListeners(List.of(events::add)))
                .background(Runnable::run)
                .build();
    }

    private static RateLimitSettingsBuilder leased(String limit, long permits) {
        return RateLimitSettings.builder().limit(limit).lease(new LeaseSettings(permits, TTL));
    }

    private static RateLimitPolicies policies(RateLimitSettingsBuilder settings) {
        return RateLimitPolicies.of(Map.of("a", settings.build()));
    }

    private RateLimiters process(String limit, long permits) {
        return process(policies(leased(limit, permits)));
    }

    private static int admitted(RateLimiters limiters, int calls) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            admitted += limiters.tryAcquire("a", "x").admitted() ? 1 : 0;
        }
        return admitted;
    }

    private long atTheStore() {
        return process("1000/1h", 100).peek("a", "x").remaining();
    }

    @Test
    void asManyAreChargedAheadAsWereUsedOfLate() {
        RateLimiters limiters = process("1000/1h", 100);
        List<Integer> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int before = store.calls;
            RateLimitVerdict verdict = limiters.tryAcquire("a", "x");
            assertThat(verdict.source()).isEqualTo(store.calls == before ? RateSource.LEASE : RateSource.STORE);
            if (store.calls > before) {
                asked.add(i);
            }
        }
        // 1, 1, 2, 4, 8, 16, 32: each trip takes what was used before.
        assertThat(asked).containsExactly(0, 1, 2, 4, 8, 16, 32);
    }

    @Test
    void atASteadyRateOneTripServesManyCalls() {
        RateLimiters limiters = process("1000/1s", 100);
        int before = 0;
        for (int i = 0; i < 5_000; i++) {
            before = i == 1_000 ? store.calls : before;
            assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
            timers.advanceMicros(2_000);
        }
        assertThat(store.calls - before).isLessThanOrEqualTo(4_000 / 40);
    }

    @Test
    void noMoreThanThePermitsOfTheLeaseAreHeld() {
        RateLimiters limiters = process("1000/1h", 10);
        for (int i = 0; i < 300; i++) {
            assertThat(limiters.tryAcquire("a", "x", 1 + i % 3).admitted()).isTrue();
            assertThat(limiters.leased("a")).isLessThan(10);
        }
        assertThat(limiters.leased("a")).isEqualTo(1_000 - 600 - atTheStore());
    }

    @Test
    void aVerdictFromALeaseCountsDown() {
        RateLimiters limiters = process("1000/1h", 100);
        for (int i = 0; i < 24; i++) {
            RateLimitVerdict verdict = limiters.tryAcquire("a", "x");
            assertThat(verdict.admitted()).isTrue();
            assertThat(verdict.remaining()).isEqualTo(999 - i);
            assertThat(verdict.limit()).isEqualTo(1_000);
            assertThat(verdict.resetAfter()).isPositive();
        }
    }

    @Test
    void whatIsForgottenIsNeitherSpentNorReturned() {
        RateLimiters limiters = process("1000/1h", 100);
        assertThat(admitted(limiters, 20)).isEqualTo(20);
        long left = atTheStore();
        assertThat(limiters.leased("a")).isPositive();

        limiters.forgetAll();

        assertThat(limiters.leased("a")).isZero();
        assertThat(atTheStore()).isEqualTo(left);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void everythingIsChargedBeforeItIsSpent() {
        RateLimiters here = process("100/1h", 50);
        RateLimiters there = process("100/1h", 50);
        int admitted = 0;
        for (int i = 0; i < 200; i++) {
            admitted += admitted(here, 1) + admitted(there, 1);
        }
        assertThat(admitted).isEqualTo(100);
    }

    @Test
    void nothingIsSpentAfterItsTimeAndTheRestGoesBack() {
        RateLimiters limiters = process("1000/1h", 100);
        admitted(limiters, 33);
        assertThat(limiters.leased("a")).isEqualTo(31);
        assertThat(atTheStore()).isEqualTo(1_000 - 64);
        timers.advanceMicros(199_999);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.LEASE);
        timers.advanceMicros(1);
        assertThat(limiters.leased("a")).isZero();
        assertThat(atTheStore()).isEqualTo(1_000 - 34);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void permitsThatAreAddedToOlderOnesEndWithThem() {
        RateLimiters limiters = process("1000/1h", 100);
        admitted(limiters, 65 + 58);
        assertThat(limiters.leased("a")).isEqualTo(5);
        timers.advanceMicros(100_000);
        assertThat(limiters.tryAcquire("a", "x", 6).source()).isEqualTo(RateSource.STORE);
        assertThat(limiters.leased("a")).isGreaterThan(50);
        timers.advanceMicros(99_999);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.LEASE);
        timers.advanceMicros(1);
        assertThat(limiters.leased("a")).isZero();
        assertThat(atTheStore()).isEqualTo(1_000 - 65 - 58 - 6 - 1);
    }

    @Test
    void aHolderThatWasPausedSpendsNothingAndReturnsTheRest() {
        RateLimiters limiters = process("1000/1h", 100);
        admitted(limiters, 33);
        timers.pauseMicros(250_000);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
        timers.advanceMicros(1);
        assertThat(atTheStore()).isEqualTo(1_000 - 34 - limiters.leased("a"));
    }

    @Test
    void theTimeRunsFromBeforeAsking() {
        RateLimiters limiters = process("1000/1h", 100);
        admitted(limiters, 32);
        store.beforeAnswer = () -> timers.pauseMicros(150_000);
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        timers.pauseMicros(50_000);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void whatArrivesTooLateGoesStraightBack() {
        RateLimiters limiters = process("1000/1h", 100);
        admitted(limiters, 32);
        store.beforeAnswer = () -> timers.pauseMicros(200_000);
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        assertThat(limiters.leased("a")).isZero();
        assertThat(atTheStore()).isEqualTo(1_000 - 33);
    }

    @Test
    void aHolderThatDiesLosesNoMoreThanItsPermitsUntilTheyRefill() {
        RateLimiters dying = process("1000/1s", 100);
        admitted(dying, 65);
        assertThat(dying.leased("a")).isBetween(1L, 99L);
        timers.forget();
        RateLimiters other = process("1000/1s", 100);
        assertThat(admitted(other, 2_000)).isBetween(1_000 - 65 - 100, 1_000 - 65);
        timers.advance(Duration.ofSeconds(1));
        assertThat(admitted(other, 2_000)).isEqualTo(1_000);
    }

    @Test
    void closingReturnsEverythingAndLeasesNothingAnyMore() {
        RateLimiters limiters = process("1000/1h", 100);
        admitted(limiters, 40);
        limiters.close();
        limiters.close();
        assertThat(limiters.leased("a")).isZero();
        assertThat(atTheStore()).isEqualTo(1_000 - 40);
        admitted(limiters, 60);
        assertThat(limiters.leased("a")).isZero();
        assertThat(atTheStore()).isEqualTo(1_000 - 100);
    }

    @Test
    void whatIsStillUnderWayAtTheEndGoesStraightBack() {
        RateLimiters limiters = process("1000/1h", 100);
        admitted(limiters, 32);
        store.beforeAnswer = limiters::close;
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        assertThat(atTheStore()).isEqualTo(1_000 - 33);
    }

    @Test
    void anotherLimitThatRefusesPutsLocalPermitsBack() {
        RateLimiters limiters = process(
                RateLimitPolicies.of(Map.of("a", leased("1000/1h", 100).build(), "b", RateLimitSettings.of("1/1h"))));
        RateLimitAsk[] both = {RateLimitAsk.of("a", "x"), RateLimitAsk.of("b", "x")};
        assertThat(limiters.tryAcquireAll(both).admitted()).isTrue();
        admitted(limiters, 40);
        long held = limiters.leased("a");
        assertThat(limiters.tryAcquireAll(both).violated()).containsExactly("b");
        assertThat(limiters.leased("a")).isEqualTo(held);
        int asked = store.calls;
        assertThat(limiters.tryAcquireAll(both).violated()).containsExactly("b");
        assertThat(limiters.leased("a")).isEqualTo(held);
        assertThat(store.calls).isEqualTo(asked);
    }

    @Test
    void whatCannotBePutBackAnyMoreIsReturned() {
        RateLimiters limiters = process(
                RateLimitPolicies.of(Map.of("a", leased("1000/1h", 100).build(), "b", RateLimitSettings.of("1/1h"))));
        RateLimitAsk[] both = {RateLimitAsk.of("a", "x"), RateLimitAsk.of("b", "x")};
        limiters.tryAcquireAll(both);
        admitted(limiters, 40);
        store.beforeAnswer = () -> timers.advance(TTL);
        assertThat(limiters.tryAcquireAll(both).violated()).containsExactly("b");
        assertThat(limiters.leased("a")).isZero();
        assertThat(atTheStore()).isEqualTo(1_000 - 41);
    }

    @Test
    void whatIsPutBackAfterAResetIsNotReturned() {
        RateLimitPolicies policies =
                RateLimitPolicies.of(Map.of("a", leased("1000/1h", 100).build(), "b", RateLimitSettings.of("1/1h")));
        RateLimiters here = process(policies);
        RateLimiters there = process("1000/1h", 100);
        RateLimitAsk[] both = {RateLimitAsk.of("a", "x"), RateLimitAsk.of("b", "x")};
        here.tryAcquireAll(both);
        admitted(here, 40);
        store.beforeAnswer = () -> {
            there.reset("a", "x");
            admitted(there, 5);
        };
        assertThat(here.tryAcquireAll(both).violated()).containsExactly("b");
        here.close();
        there.close();
        assertThat(atTheStore()).isEqualTo(1_000 - 5);
    }

    @Test
    void limitsThatDecideTogetherLeaseTogether() {
        RateLimiters limiters = process(RateLimitPolicies.of(Map.of(
                "a", leased("1000/1h", 100).build(),
                "b", leased("500/1h", 100).build())));
        RateLimitAsk[] both = {RateLimitAsk.of("a", "x"), RateLimitAsk.of("b", "x")};
        for (int i = 0; i < 40; i++) {
            RateLimitVerdict verdict = limiters.tryAcquireAll(both);
            assertThat(verdict.admitted()).isTrue();
            assertThat(verdict.parts()).extracting(RateLimitVerdict::remaining).containsExactly(999L - i, 499L - i);
        }
        assertThat(store.calls).isEqualTo(7);
        limiters.close();
        assertThat(limiters.peek("a", "x").remaining()).isEqualTo(960);
        assertThat(limiters.peek("b", "x").remaining()).isEqualTo(460);
    }

    @Test
    void aJointRefusalLeasesNothing() {
        RateLimiters limiters = process(RateLimitPolicies.of(Map.of(
                "a", leased("1000/1h", 100).build(),
                "b",
                        RateLimitSettings.builder()
                                .limit("40/1h")
                                .denialCache(DenialCaching.OFF)
                                .build())));
        RateLimitAsk[] both = {RateLimitAsk.of("a", "x"), RateLimitAsk.of("b", "x")};
        int admitted = 0;
        for (int i = 0; i < 100; i++) {
            admitted += limiters.tryAcquireAll(both).admitted() ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(40);
        limiters.close();
        assertThat(atTheStore()).isEqualTo(1_000 - 40);
    }

    @Test
    void inShadowModeALeaseCountsAndLetsThrough() {
        RateLimiters limiters = process(policies(leased("20/1h", 10).mode(GuardMode.SHADOW)));
        assertThat(admitted(limiters, 30)).isEqualTo(30);
        assertThat(events.stream().map(event -> ((RateLimitDecision) event).outcome()))
                .filteredOn(RateOutcome.SHADOW_REJECTED::equals)
                .hasSize(10);
    }

    @Test
    void leasedPermitsLiveOnWhileTheStoreIsAway() {
        RateLimiters limiters = process("1000/1h", 100);
        admitted(limiters, 33);
        store.failing = true;
        for (int i = 0; i < 31; i++) {
            assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.LEASE);
        }
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.LOCAL);
        store.failing = false;
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void permitsThatCannotBeReturnedAreToldAsLost() {
        RateLimiters limiters = process("1000/1h", 100);
        admitted(limiters, 33);
        store.failing = true;
        timers.advance(TTL);
        assertThat(events).contains(new RateLimitSettled("a", RateLimitSettled.Outcome.LOST, 31));
        events.clear();
        store.failing = false;
        admitted(limiters, 40);
        long held = limiters.leased("a");
        store.failing = true;
        limiters.close();
        assertThat(events).contains(new RateLimitSettled("a", RateLimitSettled.Outcome.LOST, held));
    }

    @Test
    void aResetDropsWhatIsHeldAndDoesNotReturnIt() {
        RateLimiters here = process("1000/1h", 100);
        RateLimiters there = process("1000/1h", 100);
        admitted(here, 33);
        there.reset("a", "x");
        assertThat(here.leased("a")).isZero();
        admitted(there, 5);
        timers.advance(TTL);
        here.close();
        there.close();
        assertThat(atTheStore()).isEqualTo(1_000 - 5);
    }

    @Test
    void whatAResetOvertakesIsNotHeld() {
        RateLimiters here = process("1000/1h", 100);
        RateLimiters there = process("1000/1h", 100);
        admitted(here, 33);
        admitted(here, 31);
        store.beforeAnswer = () -> there.reset("a", "x");
        assertThat(here.tryAcquire("a", "x").admitted()).isTrue();
        assertThat(here.leased("a")).isZero();
        assertThat(atTheStore()).isEqualTo(1_000);
    }

    @Test
    void aChangedLimitLeasesAnewAndReturnsWhatTheOldOneHeld() {
        RateLimitPolicies policies = policies(leased("1000/1h", 100));
        RateLimiters limiters = process(policies);
        admitted(limiters, 33);
        policies.reload(Map.of("a", leased("500/1h", 100).build()));
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
        timers.advance(Duration.ofSeconds(1));
        assertThat(limiters.leased("a")).isZero();
        // One permit of 500 is two of 1,000.
        assertThat(atTheStore()).isEqualTo(1_000 - 35);
        admitted(limiters, 40);
        assertThat(limiters.leased("a")).isPositive();
        policies.reload(Map.of("a", RateLimitSettings.of("500/1h")));
        timers.advance(Duration.ofSeconds(1));
        assertThat(limiters.leased("a")).isZero();
    }

    @Test
    void refusalsAreNotRememberedForLongerThanALeaseLives() {
        RateLimiters here = process("20/1h", 10);
        RateLimiters there = process("20/1h", 10);
        admitted(there, 9);
        assertThat(there.leased("a")).isEqualTo(7);
        admitted(here, 20);
        assertThat(here.tryAcquire("a", "x").source()).isEqualTo(RateSource.CACHE);
        timers.advance(TTL);
        assertThat(here.tryAcquire("a", "x").admitted()).isTrue();
    }

    @Test
    void whatGoesBackEndsRefusalsThatThisProcessRemembers() {
        RateLimiters limiters = process("40/1h", 20);
        admitted(limiters, 9);
        assertThat(limiters.leased("a")).isEqualTo(7);
        timers.advanceMicros(100_000);
        assertThat(limiters.tryAcquire("a", "x", 30).admitted()).isFalse();
        assertThat(limiters.tryAcquire("a", "x", 30).source()).isEqualTo(RateSource.CACHE);
        timers.advanceMicros(100_000);
        assertThat(limiters.tryAcquire("a", "x", 30).admitted()).isTrue();
    }

    @Test
    void nothingIsLeftOfSubjectsThatNobodyUses() {
        RateLimiters limiters = process("1000/1h", 100);
        for (int i = 0; i < 100; i++) {
            limiters.tryAcquire("a", "key " + i);
            limiters.tryAcquire("a", "key " + i);
            limiters.tryAcquire("a", "key " + i);
        }
        assertThat(timers.pending()).isPositive();
        timers.advance(Duration.ofSeconds(1));
        assertThat(timers.pending()).isZero();
        assertThat(limiters.leased("a")).isZero();
    }

    @Test
    void asynchronousCallsLeaseAlike() {
        RateLimiters limiters = process("1000/1h", 100);
        for (int i = 0; i < 40; i++) {
            assertThat(limiters.tryAcquireAsync("a", "x", 1)
                            .toCompletableFuture()
                            .join()
                            .remaining())
                    .isEqualTo(999 - i);
        }
        assertThat(store.calls).isEqualTo(7);
    }

    /** What was charged before t is at most what the bucket gave until then; what is spent was charged. */
    @Test
    void processesTogetherNeverSpendMoreThanTheBucketGave() {
        long seed = 20_260_301;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            store.values.clear();
            List<RateLimiters> processes = List.of(process("100/1s", 50), process("100/1s", 50), process("100/1s", 50));
            long begun = timers.clock.micros();
            long spent = 0;
            for (int i = 0; i < 500; i++) {
                timers.advanceMicros(
                        random.nextInt(4) > 0 ? 0 : random.nextInt(random.nextInt(3) == 0 ? 300_000 : 5_000));
                long cost = random.nextInt(5) == 0 ? 1 + random.nextInt(10) : 1;
                RateLimiters process = processes.get(random.nextInt(3));
                spent += process.tryAcquire("a", "x", cost).admitted() ? cost : 0;
                assertThat(spent)
                        .as("round %d of seed %d", round, seed)
                        .isLessThanOrEqualTo(100 + (timers.clock.micros() - begun) / 10_000);
            }
            processes.forEach(RateLimiters::close);
            timers.advance(Duration.ofSeconds(2));
        }
    }

    /** Four processes whose calls come evenly, more of them than the limit gives. */
    @ParameterizedTest
    @CsvSource({"1000/1s, 100, 833", "1000/1s, 100, 250", "1000/1s, 100, 50", "1000/1s, 10, 50", "20000/1s, 100, 25"})
    void aLimitInDemandIsAskedOnceForManyCallsAndGivesAllThatFlowsIn(String limit, long permits, long everyMicros) {
        assertThat(decisionsPerTripInDemand(limit, permits, everyMicros)).isGreaterThan(20);
    }

    @ParameterizedTest
    @CsvSource({"1000/1s burst 20, 10, 50, 10", "10/1ms, 5, 20, 1"})
    void aBucketThatFillsQuicklyGivesAllThatFlowsInToo(String limit, long permits, long everyMicros, int least) {
        assertThat(decisionsPerTripInDemand(limit, permits, everyMicros)).isGreaterThan(least);
    }

    /** To be asked once in a test: what a process still holds, it returns later. */
    private double decisionsPerTripInDemand(String limit, long permits, long everyMicros) {
        List<RateLimiters> processes =
                Stream.generate(() -> process(limit, permits)).limit(4).toList();
        RateLimitPolicy policy = processes.get(0).policies().get("a");
        Bandwidth band = policy.allowance().shape().first();
        assertThat(processes.get(0).tryAcquire("a", "x", band.capacity()).admitted())
                .isTrue();
        long begun = timers.clock.micros();
        int before = store.calls;
        long admitted = 0;
        int decisions = 0;
        while (timers.clock.micros() - begun < 5_000_000) {
            RateLimiters process = processes.get(decisions % 4);
            admitted += process.tryAcquire("a", "x").admitted() ? 1 : 0;
            decisions++;
            timers.advanceMicros(everyMicros);
        }
        double perTrip = (double) decisions / (store.calls - before);

        long held = processes.stream().mapToLong(process -> process.leased("a")).sum();
        long left = processes.get(0).peek("a", "x").remaining();
        long flowed = (timers.clock.micros() - begun) * band.refill() / band.periodMicros();
        assertThat(admitted + held + left).isEqualTo(flowed);
        assertThat(left).as("flowed in while all held off").isLessThanOrEqualTo(Math.min(band.capacity(), flowed / 50));
        return perTrip;
    }

    @Test
    void afterARefusalTheProcessHoldsOffAsLongAsItSaysAndFetchesTogetherWhatHasFlowedIn() {
        RateLimiters limiters = process("1000/1s", 100);
        assertThat(limiters.tryAcquire("a", "x", 1_000).admitted()).isTrue();
        Duration wait = limiters.tryAcquire("a", "x").retryAfter().orElseThrow();
        assertThat(wait).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        int asked = store.calls;
        timers.advance(wait.minusNanos(1_000));
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.CACHE);
        assertThat(store.calls).isEqualTo(asked);
        timers.advanceMicros(1);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
        assertThat(limiters.leased("a")).isEqualTo(wait.toMillis() - 1);
    }

    @Test
    void afterALeaseThatWasCutShortTheProcessHoldsOffToo() {
        RateLimiters limiters = process("100/1s", 50);
        admitted(limiters, 33);
        assertThat(process("100/1s", 50).tryAcquire("a", "x", 30).admitted()).isTrue();
        assertThat(admitted(limiters, 31)).isEqualTo(31);
        int asked = store.calls;
        assertThat(admitted(limiters, 100)).isEqualTo(6);
        assertThat(store.calls).isEqualTo(asked + 1);
        timers.advanceMicros(100_000);
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void whereAPermitTakesLongerTheStoreSaysWhenToComeBack() {
        RateLimiters limiters = process("100/1h", 50);
        admitted(limiters, 33);
        assertThat(process("100/1h", 50).tryAcquire("a", "x", 30).admitted()).isTrue();
        assertThat(admitted(limiters, 31 + 6)).isEqualTo(31 + 6);
        RateLimitVerdict refused = limiters.tryAcquire("a", "x");
        assertThat(refused.source()).isEqualTo(RateSource.STORE);
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(36));
    }

    @Test
    void whereNoRefusalIsRememberedTheStoreIsAskedEachTime() {
        RateLimiters limiters = process(policies(leased("1000/1s", 100).denialCache(DenialCaching.OFF)));
        assertThat(limiters.tryAcquire("a", "x", 1_000).admitted()).isTrue();
        assertThat(limiters.tryAcquire("a", "x").retryAfter()).contains(Duration.ofMillis(1));
        timers.advanceMicros(1_000);
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        assertThat(limiters.tryAcquire("a", "x").source()).isEqualTo(RateSource.STORE);
    }

    @Test
    void layersAreMergedFieldByField() {
        RateLimitSettings lower = RateLimitSettings.builder()
                .lease(new LeaseSettings(50L, Duration.ofMillis(100)))
                .denialCache(DenialCaching.OFF)
                .build();
        RateLimitSettings upper =
                RateLimitSettings.builder().lease(new LeaseSettings(10L, null)).build();
        assertThat(upper.over(lower).lease()).isEqualTo(new LeaseSettings(10L, Duration.ofMillis(100)));
        assertThat(upper.over(lower).denialCache()).isEqualTo(DenialCaching.OFF);
        assertThat(RateLimitSettings.none().over(lower).lease()).isEqualTo(lower.lease());
        assertThat(lower.gives("lease.ttl")).isTrue();
        assertThat(upper.gives("lease.ttl")).isFalse();
        assertThat(upper.gives("lease.permits")).isTrue();
    }
}
