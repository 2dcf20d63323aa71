package io.github.stanchion.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.limit.RateLimitPolicy;
import io.github.stanchion.limit.RateLimitSettings;
import org.junit.jupiter.api.Test;

class WorstCaseTest {

    @Test
    void eachAlgorithmHasItsOwn() {
        assertThat(worstCase(RateAlgorithm.TOKEN_BUCKET, "100/1m")).isEqualTo("at most 200 in any 1m");
        assertThat(worstCase(RateAlgorithm.TOKEN_BUCKET, "100/1m burst 20")).isEqualTo("at most 120 in any 1m");
        assertThat(worstCase(RateAlgorithm.INTERVAL, "5/1d")).isEqualTo("at most 10 in any 1d");
        assertThat(worstCase(RateAlgorithm.INTERVAL, "5/1d burst 8")).isEqualTo("at most 13 in any 1d");
        assertThat(worstCase(RateAlgorithm.INTERVAL, "8/1d burst 5")).isEqualTo("at most 10 in any 1d");
        assertThat(worstCase(RateAlgorithm.SLIDING_WINDOW, "100/90s")).isEqualTo("fewer than 200 in any 90s");
        assertThat(worstCase(RateAlgorithm.SLIDING_LOG, "5/1h")).isEqualTo("at most 5 in any 1h");
    }

    @Test
    void plansWithoutALimitSaySo() {
        RateLimitPolicy policy = RateLimitPolicy.of("p", RateLimitSettings.of("1/1s"));

        assertThat(WorstCase.of(policy.unlimited())).isEqualTo("no bound");
        assertThat(WorstCase.of(policy.blocked())).isEqualTo("nothing");
    }

    @Test
    void debtOfSettlingIsNamed() {
        RateLimitSettings settings =
                RateLimitSettings.builder().limit("10/1h").maxDebt(7L).build();

        assertThat(WorstCase.of(RateLimitPolicy.of("p", settings)))
                .isEqualTo("at most 20 in any 1h; settling may add a debt of up to 7");
    }

    private static String worstCase(RateAlgorithm algorithm, String limit) {
        return WorstCase.of(RateLimitPolicy.of(
                "p",
                RateLimitSettings.builder().algorithm(algorithm).limit(limit).build()));
    }
}
