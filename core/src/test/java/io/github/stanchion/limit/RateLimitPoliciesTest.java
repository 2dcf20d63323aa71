package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.PolicyNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitPoliciesTest {

    private static RateLimitSettings limit(String text) {
        return RateLimitSettings.of(text);
    }

    @Test
    void namesAreTheSameIfLettersAndDigitsAre() {
        RateLimitPolicies policies = RateLimitPolicies.of(Map.of("login-attempt", limit("5/1h")));
        assertThat(policies.get("loginAttempt")).isSameAs(policies.get("LOGINATTEMPT"));
        assertThat(policies.get("login_attempt").name()).isEqualTo("login-attempt");
        assertThat(RateLimitPolicy.of("loginAttempt", limit("5/1h")).subject("a"))
                .isEqualTo(policies.get("login-attempt").subject("a"));
        assertThat(PolicyNames.canonical("Api#twoWords(String)")).isEqualTo("Api#twoWords(String)");
    }

    @Test
    void twoSpellingsOfOneNameMustAgree() {
        assertThat(RateLimitPolicies.of(Map.of("tier-11", limit("1/1s"), "tier11", limit("1/1s")))
                        .all())
                .hasSize(1);
        assertThatThrownBy(() -> RateLimitPolicies.of(Map.of("tier-11", limit("1/1s"), "tier-1-1", limit("2/1s"))))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("two spellings");
    }

    @Test
    void unknownNameSuggestsTheOneThatWasMeant() {
        RateLimitPolicies policies = RateLimitPolicies.of(Map.of("search", limit("5/1h")));
        assertThatThrownBy(() -> policies.get("serach"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Rate limit 'serach' is defined nowhere; did you mean 'search'? Else set"
                        + " stanchion.rate-limits.serach.limit");
        assertThatThrownBy(() -> policies.get("other"))
                .hasMessage("Rate limit 'other' is defined nowhere; set stanchion.rate-limits.other.limit");
    }

    @Test
    void annotationWithAnUnknownNameStopsTheStart() {
        LimitRig rig = new LimitRig("search", limit("5/1h"));
        assertThatThrownBy(() -> rig.guarded(Api.class, "misspelt"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessage("Rate limit 'serach' on Api.misspelt is defined nowhere; did you mean 'search'? Else set"
                        + " stanchion.rate-limits.serach.limit, or the attribute limit");
        assertThatThrownBy(() -> rig.guarded(Api.class, "limitless"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("Rate limit on Api.limitless has no limit");
    }

    @Test
    void settingsOfFilesWinOverAttributesAndThoseOverDefaults() {
        LimitRig rig = new LimitRig(
                RateLimitPolicies.builder()
                        .defaults(RateLimitSettings.builder()
                                .limit("9/1h")
                                .maxWaiters(3)
                                .build())
                        .configured(Map.of(
                                "a", RateLimitSettings.builder().limit("1/1h").build())),
                RateLimitResolver.NONE);
        assertThat(rig.guarded(Api.class, "a").admitted(9)).isEqualTo(1);
        assertThat(rig.guarded(Api.class, "b").admitted(9)).isEqualTo(4);
        assertThat(rig.policies.get("a").maxWaiters()).isEqualTo(3);
        assertThat(rig.policies.policy("free", RateLimitSettings.none()).capacity())
                .isEqualTo(9);
    }

    @Test
    void originsTellInWhichLayerEachSettingWasGiven() {
        LimitRig rig = new LimitRig(
                RateLimitPolicies.builder()
                        .defaults(RateLimitSettings.builder()
                                .limit("9/1h")
                                .maxWaiters(3)
                                .build())
                        .configured(Map.of(
                                "b",
                                RateLimitSettings.builder()
                                        .mode(GuardMode.SHADOW)
                                        .plans(Map.of("vip", new RatePlan.Unlimited()))
                                        .build())),
                RateLimitResolver.NONE);
        rig.guarded(Api.class, "b");
        assertThat(rig.policies.origins("B"))
                .containsEntry("limit", "@RateLimited(limit) on Api.b")
                .containsEntry("mode", "stanchion.rate-limits.b.mode")
                .containsEntry("plans.vip", "stanchion.rate-limits.b.plans.vip")
                .containsEntry("max-waiters", "stanchion.defaults.rate-limit.max-waiters")
                .doesNotContainKeys("cost", "max-wait", "lease.permits");
        rig.policies.reload(Map.of("b", limit("2/1h")), RateLimitSettings.none());
        assertThat(rig.policies.origins("b"))
                .containsEntry("limit", "stanchion.rate-limits.b.limit")
                .doesNotContainKeys("mode", "max-waiters");
        assertThat(rig.policies.origins("unknown")).isEmpty();
    }

    @Test
    void everySettingHasAnOrigin() {
        RateLimitSettings all = RateLimitSettings.builder()
                .limit("9/1h")
                .algorithm(RateAlgorithm.TOKEN_BUCKET)
                .key("#a")
                .cost("1")
                .condition("true")
                .plan("#b")
                .count(CountedCalls.SUCCESS)
                .refundWhen("#c")
                .settle("#d")
                .maxWait(Duration.ofSeconds(1))
                .maxWaiters(3)
                .fallback("other")
                .fallbackOn(List.of(IllegalStateException.class))
                .mode(GuardMode.SHADOW)
                .onStoreFailure(FailurePolicy.OPEN)
                .onMissingKey(MissingKey.SKIP)
                .align(PeriodAlignment.FIRST_USE)
                .maxDebt(1L)
                .hashTag("name")
                .denialCache(DenialCaching.OFF)
                .lease(new LeaseSettings(5L, Duration.ofMillis(200)))
                .build();
        // The other forms of a limit do not go together with the short one.
        int others = 4;
        int lease = 1;
        int plansAndLimits = 2;
        assertThat(all.given())
                .hasSize(RateLimitSettings.class.getRecordComponents().length - plansAndLimits + 1 + lease)
                .hasSize(RateLimitSettings.NAMES.size() - others);
    }

    @Test
    void troubleInAnAttributeNamesMethodAndAttribute() {
        assertThatThrownBy(() -> new LimitRig().guarded(Api.class, "tooFine"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessage("Limit '10007/30d' of @RateLimited(limit) on Api.tooFine is too fine to count exactly; use"
                        + " '10005/30d' or '10008/30d', the nearest that can be");
        assertThatThrownBy(() -> new LimitRig().guarded(Api.class, "unitless"))
                .hasMessageContaining("Wait '5' of @RateLimited(maxWait) on Api.unitless has no unit");
        assertThatThrownBy(() -> new LimitRig().guarded(Api.class, "twoNames")).hasMessageContaining("two names");
        assertThatThrownBy(() -> new LimitRig().guarded(Api.class, "twoAlgorithms"))
                .hasMessageContaining("@RateLimited(algorithm) on Api.twoAlgorithms");
    }

    @Test
    void oneNameCannotMeanTwoLimits() {
        LimitRig rig = new LimitRig();
        rig.guarded(Api.class, "b");
        assertThatThrownBy(() -> rig.guarded(Api.class, "otherB"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("@RateLimited(limit) on Api.b")
                .hasMessageContaining("@RateLimited(limit) on Api.otherB")
                .hasMessageContaining("stanchion.rate-limits.b.limit");
        LimitRig settled = new LimitRig("b", limit("2/1h"));
        settled.guarded(Api.class, "b");
        assertThat(settled.guarded(Api.class, "otherB").admitted(5)).isEqualTo(2);
    }

    @Test
    void oneNameCannotBeMadeFromTwoMethods() {
        LimitRig rig = new LimitRig();
        rig.guarded(One.Same.class, "call");
        assertThatThrownBy(() -> rig.guarded(Two.Same.class, "call"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("Same#call()")
                .hasMessageContaining("name = ");
    }

    @Test
    void bindingTheSameMethodAgainChangesNothing() {
        LimitRig rig = new LimitRig();
        LimitRig.Guarded first = rig.guarded(Api.class, "b");
        LimitRig.Guarded again = rig.guarded(Api.class, "b");
        assertThat(first.admitted(3) + again.admitted(3)).isEqualTo(4);
    }

    @Test
    void policiesThatNothingUsesAreListed() {
        LimitRig rig = new LimitRig(
                RateLimitPolicies.builder()
                        .configured(Map.of(
                                "a",
                                limit("1/1h"),
                                "idle",
                                limit("1/1h"),
                                "asked",
                                limit("1/1h"),
                                "incomplete",
                                RateLimitSettings.builder().maxWaiters(1).build())),
                RateLimitResolver.NONE);
        rig.guarded(Api.class, "a");
        rig.limiters.tryAcquire("asked", "x");
        assertThat(rig.policies.unused()).containsExactly("idle", "incomplete");
        assertThat(rig.policies.methods("a")).containsExactly("Api.a");
    }

    @Test
    void reloadActsAtOnceAndKeepsWhatWasUsed() {
        LimitRig rig = new LimitRig("a", limit("10/1m"));
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        assertThat(limited.admitted(6)).isEqualTo(6);
        rig.policies.reload(Map.of("a", limit("100/1m")));
        assertThat(limited.admitted(99)).isEqualTo(40);
        rig.clock.advance(Duration.ofHours(1));
        assertThat(limited.admitted(60)).isEqualTo(60);
        rig.policies.reload(Map.of("a", limit("5/1m")));
        assertThat(limited.admitted(9)).isEqualTo(2);
    }

    @Test
    void anotherWindowOrAlgorithmStartsFullAndLeavesTheStateOfTheFirst() {
        RateLimitSettings minute = limited("2/1m", RateAlgorithm.SLIDING_WINDOW);
        assertStartsFull(minute, limited("2/2m", RateAlgorithm.SLIDING_WINDOW));
        assertStartsFull(limit("2/1m"), limited("2/1m", RateAlgorithm.SLIDING_LOG));
        assertStartsFull(limit("2/1m"), minute);
        assertStartsFull(limited("2/1m", RateAlgorithm.INTERVAL), limit("2/1m"));
    }

    private static RateLimitSettings limited(String limit, RateAlgorithm algorithm) {
        return RateLimitSettings.builder().limit(limit).algorithm(algorithm).build();
    }

    private static void assertStartsFull(RateLimitSettings first, RateLimitSettings other) {
        LimitRig rig = new LimitRig("a", first);
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        assertThat(limited.admitted(9)).isEqualTo(2);
        rig.policies.reload(Map.of("a", other));
        assertThat(limited.admitted(9)).as("after %s", first).isEqualTo(2);
        rig.policies.reload(Map.of("a", first));
        assertThat(limited.admitted(9)).as("back at %s", first).isZero();
        rig.clock.advance(Duration.ofMinutes(2));
        assertThat(limited.admitted(9)).isEqualTo(2);
    }

    @Test
    void reloadChangesDefaultsToo() {
        LimitRig rig = new LimitRig("a", limit("1/1m"));
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        rig.policies.reload(
                Map.of("a", limit("1/1m")),
                RateLimitSettings.builder().mode(GuardMode.OFF).build());
        assertThat(limited.admitted(5)).isEqualTo(5);
        rig.policies.reload(Map.of("a", limit("2/1m")));
        assertThat(limited.admitted(5)).isEqualTo(5);
    }

    @Test
    void reloadRecompilesWhatMethodsNeed() {
        LimitRig rig = new LimitRig("a", limit("1/1m"));
        LimitRig.Guarded limited = rig.guarded(Api.class, "a");
        rig.expressions.put("#odd", (call, end) -> "odd");
        rig.policies.reload(Map.of(
                "a", RateLimitSettings.builder().limit("1/1m").key("#odd").build()));
        assertThat(limited.admits()).isTrue();
        assertThat(rig.store.values.keySet())
                .allSatisfy(key -> assertThat(key.subject()).containsExactly("odd"));
    }

    @Test
    void reloadThatCannotWorkChangesNothing() {
        LimitRig rig = new LimitRig(
                RateLimitPolicies.builder().configured(Map.of("a", limit("3/1h"), "c", limit("2/1h"))),
                RateLimitResolver.NONE);
        LimitRig.Guarded limited = rig.guarded(Api.class, "c");
        rig.limiters.tryAcquire("a", "x");
        assertThatThrownBy(() -> rig.policies.reload(Map.of("c", limit("9/1h"), "a", limit("10007/30d"))))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("stanchion.rate-limits.a.limit");
        assertThatThrownBy(() -> rig.policies.reload(Map.of("c", limit("9/1h"))))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("in use");
        assertThatThrownBy(() -> rig.policies.reload(Map.of("a", limit("9/1h"))))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("Api.c");
        assertThatThrownBy(() -> rig.policies.reload(Map.of(
                        "a",
                        limit("9/1h"),
                        "c",
                        RateLimitSettings.builder()
                                .limit("9/1h")
                                .key("#unknown")
                                .build())))
                .hasMessageContaining("stanchion.rate-limits.c.key");
        assertThat(limited.admitted(9)).isEqualTo(2);
        assertThat(rig.policies.get("a").capacity()).isEqualTo(3);
    }

    /** Methods found by name. */
    interface Api {
        @RateLimited("serach")
        void misspelt();

        @RateLimited
        void limitless();

        @RateLimited(name = "a", limit = "3/1h")
        void a();

        @RateLimited(name = "b", limit = "4/1h")
        void b();

        @RateLimited(name = "b", limit = "5/1h")
        void otherB();

        @RateLimited("c")
        void c();

        @RateLimited(limit = "10007/30d")
        void tooFine();

        @RateLimited(limit = "1/1s", maxWait = "5")
        void unitless();

        @RateLimited(value = "x", name = "y", limit = "1/1s")
        void twoNames();

        @RateLimited(
                limit = "1/1s",
                algorithm = {RateAlgorithm.INTERVAL, RateAlgorithm.TOKEN_BUCKET})
        void twoAlgorithms();
    }

    /** Holds a type of the same simple name as {@link Two}. */
    interface One {
        /** Its policy has the name of the other's. */
        interface Same {
            @RateLimited(limit = "1/1s")
            void call();
        }
    }

    /** Holds a type of the same simple name as {@link One}. */
    interface Two {
        /** Its policy has the name of the other's. */
        interface Same {
            @RateLimited(limit = "1/1s")
            void call();
        }
    }
}
