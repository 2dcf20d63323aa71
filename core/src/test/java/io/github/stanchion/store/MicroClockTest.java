package io.github.stanchion.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class MicroClockTest {

    private static final long SECOND = 1_000_000;

    @Test
    void theProcessClockShowsTheTimeAndNeverGoesBack() {
        MicroClock clock = MicroClock.system();
        long before = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        long last = clock.micros();
        long after = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        assertThat(last).isBetween(before - SECOND, after + SECOND);
        long leastStep = Long.MAX_VALUE;
        for (int i = 0; i < 1_000_000; i++) {
            long now = clock.micros();
            leastStep = Math.min(leastStep, now - last);
            last = now;
        }
        assertThat(leastStep).isNotNegative();
        assertThat(clock.isSteady()).isTrue();
    }
}
