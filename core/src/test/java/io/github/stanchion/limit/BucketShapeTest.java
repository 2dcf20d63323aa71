package io.github.stanchion.limit;

import static io.github.stanchion.limit.Subject.DAY;
import static io.github.stanchion.limit.Subject.HOUR;
import static io.github.stanchion.limit.Subject.MINUTE;
import static io.github.stanchion.limit.Subject.SECOND;
import static io.github.stanchion.limit.Subject.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BucketShapeTest {

    @Test
    void uncountableRateNamesTheNearestThatCanBeCounted() {
        assertThatThrownBy(() -> shape(10_007, 10_007, 30 * DAY).requireCountable(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Limit '10007/30d' is too fine to count exactly; use '10005/30d' or '10008/30d', the nearest"
                                + " that can be");
    }

    @Test
    void everyWholeRateUpToAHundredThousandIsCountable() {
        for (long period : new long[] {MINUTE, HOUR, DAY}) {
            for (long rate = 1; rate <= 100_000; rate++) {
                Bandwidth bandwidth = new Bandwidth(rate, rate, period);
                assertThat(CountableRates.inParts(bandwidth, 0, 0)).isTrue();
            }
        }
    }

    @Test
    void nearestRatesAreThoseThatASearchOneByOneFinds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int uncountable = 0;
        for (int i = 0; i < 3_000; i++) {
            long refill = 1 + (long) Math.pow(10, 3 + random.nextDouble() * 6);
            long period = (1 + random.nextInt(60)) * new long[] {SECOND, MINUTE, HOUR, DAY / 10}[random.nextInt(4)];
            long capacity = random.nextBoolean() ? refill : 1 + refill / (1 + random.nextInt(10));
            long debt = new long[] {0, capacity, 5}[random.nextInt(3)];
            long wait = random.nextBoolean() ? 0 : random.nextInt(10_000_000);
            Bandwidth from = new Bandwidth(capacity, refill, period);
            if (CountableRates.inParts(from, wait, debt)) {
                continue;
            }
            uncountable++;
            for (boolean above : new boolean[] {false, true}) {
                Bandwidth nearest = CountableRates.nearest(from, wait, debt, above);
                if (nearest == null) {
                    continue;
                }
                long found = nearest.refill();
                assertThat(fits(from, found, wait, debt))
                        .as("seed %s: %s", seed, from)
                        .isTrue();
                long step = above ? -1 : 1;
                for (long closer = found + step, n = 0; closer != refill && n < 2_000; closer += step, n++) {
                    assertThat(fits(from, closer, wait, debt))
                            .as("seed %s: %s has %s, nearer than %s", seed, from, closer, found)
                            .isFalse();
                }
            }
        }
        assertThat(uncountable).as("seed %s", seed).isGreaterThan(100);
    }

    private static boolean fits(Bandwidth from, long refill, long wait, long debt) {
        long capacity = from.capacity() == from.refill() ? refill : from.capacity();
        return CountableRates.inParts(
                new Bandwidth(capacity, refill, from.periodMicros()), wait, debt == from.capacity() ? capacity : debt);
    }

    @Test
    void slowestBandwidthComesFirstWhateverTheOrderGiven() {
        Bandwidth fast = new Bandwidth(20, 20, SECOND);
        Bandwidth slow = new Bandwidth(1_000, 1_000, HOUR);
        BucketShape shape = BucketShape.of(fast, slow);
        assertThat(shape.first()).isEqualTo(slow);
        assertThat(shape.get(1)).isEqualTo(fast);
        assertThat(shape.leastCapacity()).isEqualTo(20);
        assertThat(shape).isEqualTo(BucketShape.of(List.of(slow, fast))).hasToString("[1000/1h, 20/1s]");
        assertThat(shape.fingerprint())
                .isEqualTo(BucketShape.of(slow, fast).fingerprint())
                .isNotEqualTo(BucketShape.of(slow).fingerprint());
    }

    @Test
    void bandwidthPrintsAsItIsConfigured() {
        assertThat(new Bandwidth(1, 10, SECOND)).hasToString("10/1s burst 1");
        assertThat(new Bandwidth(5, 5, 90 * SECOND)).hasToString("5/90s");
        assertThat(new Bandwidth(5, 5, 1_001)).hasToString("5/1001us");
    }

    @Test
    void boundsAreRefusedWithTheirRange() {
        for (long[] numbers : new long[][] {
            {0, 1, SECOND}, {1, 0, SECOND}, {1, 1, 999}, {1, 1, 366 * DAY + 1}, {1_000_000_000_001L, 1, SECOND}
        }) {
            assertThatThrownBy(() -> new Bandwidth(numbers[0], numbers[1], numbers[2]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is out of range; use 1");
        }
        assertThatThrownBy(BucketShape::of).hasMessageContaining("use 1 to 8");
        assertThatThrownBy(() -> shape(101, 1, 366 * DAY).requireCountable(0, 0))
                .hasMessageContaining("takes more than 100 years to fill");
        assertThatThrownBy(() -> shape(60, 1, 366 * DAY).requireCountable(0, 60))
                .hasMessageContaining("takes more than 100 years to fill");
        assertThatThrownBy(() -> shape(101, 1, 366 * DAY).requireCountablePeriods(0, 0))
                .hasMessageContaining("takes more than 100 years to fill");
        assertThatThrownBy(() -> shape(1, 1, SECOND).requireCountable(-1, 0)).hasMessageContaining("negative");
        assertThatThrownBy(() -> shape(1, 1, SECOND).requireCountable(0, -1)).hasMessageContaining("negative");
        assertThatThrownBy(() -> shape(1, 1, SECOND).requireCountable(Long.MAX_VALUE, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> shape(1, 1, SECOND).requireCountable(0, Long.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> shape(10_007, 10_007, 30 * DAY).requireCountablePeriods(SECOND, 10_007))
                .doesNotThrowAnyException();
    }

    @Test
    void windowsAndLogsSayWhatTheyCannotCount() {
        assertThatThrownBy(() -> new RateWindow(1_000_000_000_000L, DAY / 1_000, 1))
                .hasMessageContaining("use at most 52124");
        assertThatThrownBy(() -> new RateWindow(10, 0, 1)).hasMessageContaining("Window '0' ms");
        assertThatThrownBy(() -> new RateLog(101, MINUTE, 1)).hasMessageContaining("use 1 to 100");
        assertThatThrownBy(() -> new RateLog(10, MINUTE, 11))
                .hasMessageContaining("Cost '11' is above the capacity 10");
        assertThatThrownBy(() -> new RateLogSettle(10, MINUTE, 1, 11, 0)).hasMessageContaining("Deepest debt '11'");
        assertThatThrownBy(() -> new RateIntervalSettle(false, 1, 0, shape(1, 1, SECOND), List.of()))
                .hasMessageContaining("another shape's");
    }
}
