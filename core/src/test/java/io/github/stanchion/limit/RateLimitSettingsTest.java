package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardMode;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RateLimitSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "100/1m, 100, 100, 60000000",
        "100/1m burst 20, 20, 100, 60000000",
        "5/1m30s, 5, 5, 90000000",
        "7/500ms, 7, 7, 500000",
        "150000/1d, 150000, 150000, 86400000000",
        "' 3 / 2h ', 3, 3, 7200000000"
    })
    void limitTextIsRead(String text, long capacity, long refill, long periodMicros) {
        assertThat(RateLimitPolicy.of("x", RateLimitSettings.of(text)).bandwidths())
                .containsExactly(new Bandwidth(capacity, refill, periodMicros));
    }

    @Test
    void structuredLimitFillsWhatIsLeftOut() {
        LimitSettings capacity = new LimitSettings(null, null, 5L, null, Duration.ofDays(1));
        LimitSettings refill = new LimitSettings(null, null, null, 5L, Duration.ofDays(1));
        LimitSettings both = new LimitSettings(null, null, 20L, 5L, Duration.ofDays(1));
        assertThat(bandwidths(capacity)).isEqualTo(bandwidths(LimitSettings.of("5/1d")));
        assertThat(bandwidths(refill)).isEqualTo(bandwidths(LimitSettings.of("5/1d")));
        assertThat(bandwidths(both)).isEqualTo(bandwidths(LimitSettings.of("5/1d burst 20")));
        assertThat(bandwidths(new LimitSettings(null, List.of("20/1s", "1000/1h"), null, null, null)))
                .isEqualTo(bandwidths(LimitSettings.of("1000/1h", "20/1s")));
    }

    private static List<Bandwidth> bandwidths(LimitSettings limits) {
        return RateLimitPolicy.of(
                        "x", RateLimitSettings.builder().limits(limits).build())
                .bandwidths();
    }

    @Test
    void upperLayersWinAndReplaceWhatExcludesOneAnother() {
        RateLimitSettings lower = RateLimitSettings.builder()
                .limit("1/1s")
                .key("#a")
                .count(CountedCalls.SUCCESS)
                .maxWaiters(7)
                .plans(Map.of("free", RatePlan.of("1/1m"), "vip", RatePlan.of("unlimited")))
                .build();
        RateLimitSettings upper = RateLimitSettings.builder()
                .limits(new LimitSettings(null, null, 5L, null, Duration.ofSeconds(1)))
                .settle("#result")
                .plans(Map.of("free", RatePlan.of("2/1m")))
                .build();
        RateLimitSettings merged = upper.over(lower);
        assertThat(merged.limits()).isEqualTo(upper.limits());
        assertThat(merged.key()).containsExactly("#a");
        assertThat(merged.count()).isNull();
        assertThat(merged.settle()).isEqualTo("#result");
        assertThat(merged.maxWaiters()).isEqualTo(7);
        assertThat(merged.plans())
                .containsOnly(Map.entry("free", RatePlan.of("2/1m")), Map.entry("vip", new RatePlan.Unlimited()));
    }

    /** Of each component, what an upper and what a lower layer gives. */
    private static final Map<String, List<?>> LAYERS = Map.ofEntries(
            Map.entry("limits", List.of(LimitSettings.of("1/1s"), LimitSettings.of("2/1s"))),
            Map.entry("algorithm", List.of(RateAlgorithm.INTERVAL, RateAlgorithm.SLIDING_LOG)),
            Map.entry("key", List.of(List.of("#a"), List.of("#b", "#c"))),
            Map.entry("cost", List.of("1", "2")),
            Map.entry("condition", List.of("#a", "#b")),
            Map.entry("plan", List.of("#a", "#b")),
            Map.entry("plans", List.of(Map.of("free", RatePlan.of("1/1m")), Map.of("free", RatePlan.of("2/1m")))),
            Map.entry("count", List.of(CountedCalls.SUCCESS, CountedCalls.FAILURE)),
            Map.entry("refundWhen", List.of("#a", "#b")),
            Map.entry("settle", List.of("#a", "#b")),
            Map.entry("maxWait", List.of(Duration.ZERO, Duration.ofSeconds(1))),
            Map.entry("maxWaiters", List.of(1, 2)),
            Map.entry("fallback", List.of("one", "other")),
            Map.entry("fallbackOn", List.of(List.of(RuntimeException.class), List.of(Error.class))),
            Map.entry("mode", List.of(GuardMode.ENFORCE, GuardMode.SHADOW)),
            Map.entry("onStoreFailure", List.of(FailurePolicy.OPEN, FailurePolicy.CLOSED)),
            Map.entry("onMissingKey", List.of(MissingKey.DENY, MissingKey.SKIP)),
            Map.entry("align", List.of(PeriodAlignment.FIRST_USE, PeriodAlignment.EPOCH)),
            Map.entry("maxDebt", List.of(0L, 1L)),
            Map.entry("hashTag", List.of("name", "'eu'")),
            Map.entry("denialCache", List.of(DenialCaching.AUTO, DenialCaching.OFF)),
            Map.entry(
                    "lease",
                    List.of(
                            new LeaseSettings(1L, Duration.ofMillis(100)),
                            new LeaseSettings(2L, Duration.ofMillis(300)))));

    /** Of these, the upper layer's ends all that the lower gives. */
    private static final Set<String> EXCLUSIVE = Set.of("count", "refundWhen", "settle");

    static List<String> components() {
        return components(name -> true);
    }

    private static List<String> components(Predicate<String> which) {
        return Stream.of(RateLimitSettings.class.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(which)
                .toList();
    }

    /** Settings that give these components alone, as the upper or the lower layer does. */
    private static RateLimitSettings giving(List<String> names, boolean upper) throws ReflectiveOperationException {
        Object[] values = components().stream()
                .map(name -> names.contains(name)
                        ? Objects.requireNonNull(LAYERS.get(name)).get(upper ? 0 : 1)
                        : null)
                .toArray();
        return (RateLimitSettings) RateLimitSettings.class.getDeclaredConstructors()[0].newInstance(values);
    }

    @ParameterizedTest
    @MethodSource("components")
    void eachSettingOfAnUpperLayerWinsAndALowerOneFillsEachThatIsOpen(String name) throws Exception {
        RateLimitSettings one = giving(List.of(name), true);
        RateLimitSettings all = giving(components(), true);
        assertThat(one.over(RateLimitSettings.none())).isEqualTo(one);
        assertThat(RateLimitSettings.none().over(one)).isEqualTo(one);
        assertThat(all.over(giving(List.of(name), false))).isEqualTo(all);

        Predicate<String> excluded = other -> EXCLUSIVE.contains(name) && EXCLUSIVE.contains(other);
        List<String> others = components(other -> !other.equals(name) && !excluded.test(other));
        RateLimitSettings rest = giving(others, false);
        assertThat(one.over(giving(components(), false))).isEqualTo(one.over(rest));
        for (RecordComponent component : RateLimitSettings.class.getRecordComponents()) {
            Object merged = component.getAccessor().invoke(one.over(rest));
            boolean upper = component.getName().equals(name);
            assertThat(merged)
                    .as(component.getName())
                    .isEqualTo(component.getAccessor().invoke(upper ? one : rest));
        }
        RateLimitSettings upperRest = giving(others, true);
        RateLimitSettings lowerOne = giving(List.of(name), false);
        for (RecordComponent component : RateLimitSettings.class.getRecordComponents()) {
            boolean lower = component.getName().equals(name);
            assertThat(component.getAccessor().invoke(upperRest.over(lowerOne)))
                    .as(component.getName())
                    .isEqualTo(component.getAccessor().invoke(lower ? lowerOne : upperRest));
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("limit", "use '10005/30d' or '10008/30d'", b -> b.limit("10007/30d")),
                refused("limit", "has a period without a unit", b -> b.limit("100/60")),
                refused("limit", "write '60s' for seconds", b -> b.limit("100/60")),
                refused("limit", "cannot be read", b -> b.limit("a lot")),
                refused("limit", "refill that is not positive", b -> b.limit("0/1m burst 2")),
                refused("limit", "capacity that is not positive", b -> b.limit("2/1m burst 0")),
                refused("limit", "period that is not positive", b -> b.limit("2/0s")),
                refused("limit", "out of range", b -> b.limit("2/367d")),
                refused("limit", "too large", b -> b.limit("1000000000001/1d")),
                refused(
                        "bandwidths",
                        "is too large; use at most 8",
                        b -> b.limits(
                                new LimitSettings(null, java.util.Collections.nCopies(9, "1/1s"), null, null, null))),
                refused(
                        "limit",
                        "given twice",
                        b -> b.limits(new LimitSettings(List.of("1/1s"), null, 3L, null, Duration.ofSeconds(1)))),
                refused(
                        "limit",
                        "given twice",
                        b -> b.limits(new LimitSettings(List.of("1/1s"), List.of("2/1s"), null, null, null))),
                refused("capacity", "has no period", b -> b.limits(new LimitSettings(null, null, 3L, null, null))),
                refused(
                        "capacity",
                        "not positive",
                        b -> b.limits(new LimitSettings(null, null, 0L, null, Duration.ofSeconds(1)))),
                refused("cost", "is negative; use 1", b -> b.cost("-1")),
                refused("cost", "above the capacity 10", b -> b.cost("11")),
                refused("limit", "at most 100 permits", b -> b.algorithm(RateAlgorithm.SLIDING_LOG)
                        .limit("101/1m")),
                refused("limit", "has a burst", b -> b.algorithm(RateAlgorithm.SLIDING_LOG)
                        .limit("10/1m burst 5")),
                refused("limit", "has a burst", b -> b.algorithm(RateAlgorithm.SLIDING_WINDOW)
                        .limit("10/1m burst 5")),
                refused("limit", "too large for sliding-window", b -> b.algorithm(RateAlgorithm.SLIDING_WINDOW)
                        .limit("1/1s", "5/1m")),
                refused("max-wait", "not possible with sliding-window", b -> b.algorithm(RateAlgorithm.SLIDING_WINDOW)
                        .maxWait(Duration.ofSeconds(1))),
                refused("max-wait", "not possible with sliding-log", b -> b.algorithm(RateAlgorithm.SLIDING_LOG)
                        .maxWait(Duration.ofSeconds(1))),
                refused("max-wait", "out of range", b -> b.maxWait(Duration.ofSeconds(-1))),
                refused("max-waiters", "not positive", b -> b.maxWaiters(0)),
                refused("align", "use algorithm interval", b -> b.align(PeriodAlignment.EPOCH)),
                refused("settle", "keep one of count", b -> b.settle("#a").count(CountedCalls.SUCCESS)),
                refused("settle", "keep one of count", b -> b.settle("#a").refundWhen("#b")),
                refused("refund-when", "keep one of count", b -> b.refundWhen("#a")
                        .count(CountedCalls.FAILURE)),
                refused("max-debt", "above the capacity 10", b -> b.maxDebt(11L)),
                refused("max-debt", "negative", b -> b.maxDebt(-1L)),
                refused("fallback-on", "no fallback", b -> b.fallbackOn(List.of(RuntimeException.class))),
                refused(
                        "limit",
                        "is too large to count exactly in windows of 86400000 ms; use at most",
                        b -> b.algorithm(RateAlgorithm.SLIDING_WINDOW).limit("1000000000000/1d")),
                refused("limit", "takes more than 100 years to fill; use a", b -> b.limit("2/366d burst 210")),
                refused("limit", "takes more than 100 years to fill; use a", b -> b.algorithm(RateAlgorithm.INTERVAL)
                        .limit("1/366d burst 101")),
                refused("capacity", "has a window of broken milliseconds; use whole ones", b -> b.algorithm(
                                RateAlgorithm.SLIDING_WINDOW)
                        .limits(new LimitSettings(null, null, 5L, null, Duration.ofNanos(1_500_000)))),
                refused(
                        "period",
                        "out of range; use a period from 1ms to 366d",
                        b -> b.limits(new LimitSettings(null, null, 5L, null, Duration.ofNanos(500_000)))),
                refused("limit", "has a period that cannot be read; write a number", b -> b.limit("5/0.5ms")),
                refused(
                        "period",
                        "not positive; use a period from 1ms to 366d",
                        b -> b.limits(new LimitSettings(null, null, null, 5L, Duration.ZERO))),
                refused(
                        "refill",
                        "has a refill that is not positive; use 1 or more",
                        b -> b.limits(new LimitSettings(null, null, 5L, 0L, Duration.ofSeconds(1)))),
                refused(
                        "refill",
                        "that is not positive; use 1 or more",
                        b -> b.limits(new LimitSettings(null, null, null, 0L, Duration.ofSeconds(1)))),
                refused(
                        "refill",
                        "too large; use at most",
                        b -> b.limits(new LimitSettings(null, null, 5L, 1_000_000_000_001L, Duration.ofSeconds(1)))),
                refused("limit", "too large for sliding-log; use one bandwidth", b -> b.algorithm(
                                RateAlgorithm.SLIDING_LOG)
                        .limit("1/1s", "5/1m")),
                refused("plans.odd", "too fine to count", b -> b.plans(Map.of("odd", RatePlan.of("10007/30d")))),
                refused(
                        "plans.free",
                        "'10' of stanchion.rate-limits.search.plans.free is above half of the capacity 10",
                        b -> b.limit("100/1m").lease(of(10)).plans(Map.of("free", RatePlan.of("10/1m")))),
                refused("plans.small", "above the capacity 2", b -> b.cost("3")
                        .plans(Map.of("small", RatePlan.of("2/1m")))));
    }

    private static Arguments refused(String setting, String message, UnaryOperator<RateLimitSettingsBuilder> settings) {
        return Arguments.of(setting, message, settings);
    }

    static Stream<Arguments> refusedLeases() {
        return Stream.of(
                leaseRefused("permits", "'51'", "is above half of the capacity 100; use 1 to 50", b -> b.lease(of(51))),
                leaseRefused("permits", "'1'", "is above half of the capacity 1; drop the lease", b -> b.limit("1/1m")
                        .lease(of(1))),
                leaseRefused("permits", "'0'", "is not positive; use 1 or more", b -> b.lease(of(0))),
                leaseRefused("ttl", "'PT0.009S'", "is out of range; use 10ms to 10s", ttl(Duration.ofMillis(9))),
                leaseRefused("ttl", "'PT11S'", "is out of range; use 10ms to 10s", ttl(Duration.ofSeconds(11))),
                leaseRefused(
                        "ttl",
                        "'PT0.2S'",
                        "has no permits; set lease.permits",
                        b -> b.lease(new LeaseSettings(null, Duration.ofMillis(200)))),
                leaseRefused(
                        "permits", "'10'", "is not possible with max-wait; keep lease or max-wait", b -> b.lease(of(10))
                                .maxWait(Duration.ofSeconds(1))),
                leaseRefused("permits", "'10'", "is not possible with count; keep lease or count", b -> b.lease(of(10))
                        .count(CountedCalls.SUCCESS)),
                leaseRefused(
                        "permits", "'10'", "is not possible with refund-when; keep lease or refund-when", b -> b.lease(
                                        of(10))
                                .refundWhen("#result")),
                leaseRefused(
                        "permits", "'10'", "is not possible with settle; keep lease or settle", b -> b.lease(of(10))
                                .settle("#result")),
                leaseRefused(
                        "permits",
                        "'10'",
                        "is not possible with interval; use token-bucket, or drop the lease",
                        b -> b.lease(of(10)).algorithm(RateAlgorithm.INTERVAL)),
                leaseRefused(
                        "permits",
                        "'10'",
                        "is not possible with sliding-window; use token-bucket, or drop the lease",
                        b -> b.lease(of(10)).algorithm(RateAlgorithm.SLIDING_WINDOW)),
                leaseRefused(
                        "permits",
                        "'10'",
                        "is not possible with sliding-log; use token-bucket, or drop the lease",
                        b -> b.lease(of(10)).algorithm(RateAlgorithm.SLIDING_LOG)));
    }

    private static Arguments leaseRefused(
            String setting, String value, String message, UnaryOperator<RateLimitSettingsBuilder> settings) {
        return refused(
                "lease." + setting,
                "Lease " + value + " of stanchion.rate-limits.search.lease." + setting + " " + message,
                b -> settings.apply(b.limit("100/1m")));
    }

    private static LeaseSettings of(long permits) {
        return new LeaseSettings(permits, null);
    }

    private static UnaryOperator<RateLimitSettingsBuilder> ttl(Duration ttl) {
        return b -> b.lease(new LeaseSettings(10L, ttl));
    }

    @Test
    void leaseOfHalfOfTheLimitAndNoWaitPass() {
        assertThat(RateLimitPolicy.of(
                        "a",
                        RateLimitSettings.builder()
                                .limit("2/1m")
                                .lease(of(1))
                                .maxWait(Duration.ZERO)
                                .build()))
                .isNotNull();
    }

    @ParameterizedTest
    @MethodSource({"refused", "refusedLeases"})
    void whatCannotWorkIsRefusedAtTheStartByPropertyAndRemedy(
            String setting, String message, UnaryOperator<RateLimitSettingsBuilder> settings) {
        RateLimitSettings given =
                settings.apply(RateLimitSettings.builder().limit("10/1m")).build();
        Assertions.assertThatThrownBy(() -> RateLimitPolicies.of(Map.of("search", given)))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("stanchion.rate-limits.search." + setting)
                .hasMessageContaining(message)
                .hasMessageContaining("; ");
    }

    @Test
    void boundsHoldForTheLocalShareToo() {
        RateLimitSettings yearly = RateLimitSettings.of("10/300d");
        RateLimitPolicies.Builder two = RateLimitPolicies.builder().expectedInstances(2);
        Assertions.assertThatThrownBy(() -> two.configured(Map.of("a", yearly)).build())
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("Share of one of 2 instances")
                .hasMessageContaining("on-store-failure");
        RateLimitSettings open = RateLimitSettings.builder()
                .limit("10/300d")
                .onStoreFailure(FailurePolicy.OPEN)
                .build();
        assertThat(two.configured(Map.of("a", open)).build().get("a").capacity())
                .isEqualTo(10);
    }

    @Test
    void defaultsAreTheDocumentedOnes() {
        RateLimitPolicy policy = RateLimitPolicy.of("x", RateLimitSettings.of("10/1m"));
        assertThat(policy.algorithm()).isEqualTo(RateAlgorithm.TOKEN_BUCKET);
        assertThat(policy.mode()).isEqualTo(GuardMode.ENFORCE);
        assertThat(policy.onStoreFailure()).isEqualTo(FailurePolicy.LOCAL);
        assertThat(policy.onMissingKey()).isEqualTo(MissingKey.SHARED);
        assertThat(policy.maxWait()).isZero();
        assertThat(policy.maxWaiters()).isEqualTo(100);
        assertThat(policy.maxDebt()).isZero();
        assertThat(RateLimitPolicy.of(
                                "x",
                                RateLimitSettings.builder()
                                        .limit("10/1m")
                                        .settle("#result")
                                        .build())
                        .maxDebt())
                .isEqualTo(10);
    }

    @Test
    void wholeRatesUpToAHundredThousandPass() {
        for (String period : List.of("1m", "1h", "1d")) {
            for (int rate = 1; rate <= 100_000; rate += 997) {
                assertThat(RateLimitPolicy.of("x", RateLimitSettings.of(rate + "/" + period))
                                .capacity())
                        .isEqualTo(rate);
            }
        }
        assertThat(RateLimitPolicy.of("x", RateLimitSettings.of("150000/1d"))
                        .bandwidths()
                        .get(0)
                        .parts())
                .isEqualTo(576_000);
    }
}
