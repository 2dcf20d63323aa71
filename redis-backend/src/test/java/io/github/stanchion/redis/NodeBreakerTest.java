package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodeBreakerTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private double drawn = 0.5;
    private final NodeBreaker breaker = new NodeBreaker(() -> drawn);

    @Test
    void theFirstFailureOpensItAndOthersChangeNothing() {
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.opened()).isTrue();
        assertThat(breaker.opened()).isFalse();
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void probesComeAfterATenthOfASecondAndTwiceAsLateEachTimeToOneSecond() {
        breaker.opened();
        for (long millis : new long[] {100, 200, 400, 800, 1_000, 1_000}) {
            assertThat(breaker.nextProbe()).isEqualTo(millis * MILLI);
        }
    }

    @Test
    void probesAreSpreadByAFifthAndNeverLaterThanASecond() {
        breaker.opened();
        drawn = 0;
        assertThat(breaker.nextProbe()).isEqualTo(80 * MILLI);
        drawn = 0.999_999;
        assertThat(breaker.nextProbe()).isBetween(239 * MILLI, 240 * MILLI);
        breaker.nextProbe();
        breaker.nextProbe();
        assertThat(breaker.nextProbe()).isEqualTo(1_000 * MILLI);
    }

    @Test
    void theFirstSuccessClosesItAndTheNextFailureBeginsAnew() {
        breaker.opened();
        breaker.nextProbe();
        breaker.nextProbe();
        assertThat(breaker.closed()).isTrue();
        assertThat(breaker.closed()).isFalse();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.opened()).isTrue();
        assertThat(breaker.nextProbe()).isEqualTo(100 * MILLI);
    }
}
