package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
                refused("plans.odd", "too fine to count", b -> b.plans(Map.of("odd", RatePlan.of("10007/30d")))),
                refused("plans.small", "above the capacity 2", b -> b.cost("3")
                        .plans(Map.of("small", RatePlan.of("2/1m")))));
    }

    private static Arguments refused(String setting, String message, UnaryOperator<RateLimitSettingsBuilder> settings) {
        return Arguments.of(setting, message, settings);
    }

    @ParameterizedTest
    @MethodSource("refused")
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
