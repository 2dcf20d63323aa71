package io.github.stanchion.limit;

import static io.github.stanchion.limit.Subject.shape;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Operation;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds when a clock steps back, by however much, on random walks. */
class ClockStepTest {

    private static final int WALKS = 1_000;
    private static final int STEPS = 120;

    private long seed;

    private Random random(String what) {
        seed = System.nanoTime();
        System.out.println(what + ", seed " + seed);
        return new Random(seed);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsRefusedIsRefusedAtAnyEarlierTimeToo(RatePropertiesTest.Algorithm algorithm) {
        Random random = random("refusals of " + algorithm);
        int checked = 0;
        for (int walk = 0; walk < WALKS; walk++) {
            RatePropertiesTest.Policy policy = algorithm.draw(random);
            Subject subject = new Subject();
            long now = Subject.START;
            for (int step = 0; step < STEPS; step++) {
                var ask = policy.decide().of(Policies.cost(random, policy.capacity()));
                RateReply reply = subject.run(ask, now);
                if (!reply.admitted()) {
                    long back = now - random.nextLong(random.nextBoolean() ? 2_000_000 : 2 * reply.fullMicros() + 1);
                    RateReply earlier = subject.peek(ask, Math.max(0, back));
                    assertThat(earlier.admitted()).as("seed %s", seed).isFalse();
                    checked++;
                }
                long span = reply.fullMicros();
                now += random.nextInt(4) == 0 ? 0 : random.nextLong(span / (1 + random.nextInt(16)) + 2);
                now = Math.min(now, RateBucket.EPOCH_MICROS + 2 * CountableRates.CENTURY_MICROS);
            }
        }
        assertThat(checked).isGreaterThan(WALKS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noMoreThanTwiceAnIntervalsLimitPassesInAnyPeriodOfRealTime(boolean aligned) {
        Random random = random("real time of intervals");
        for (int walk = 0; walk < WALKS; walk++) {
            long period = 1_000 * Policies.scaled(random, 7);
            long limit = Policies.scaled(random, 2);
            BucketShape shape = shape(limit, limit, period);
            assertPasses(
                    random,
                    limit,
                    period,
                    aligned ? 0 : Subject.SECOND,
                    cost -> new RateInterval(aligned, cost, 0, shape));
        }
    }

    @Test
    void noMoreThanTwiceAWindowsLimitPassesInAnyWindowOfRealTime() {
        Random random = random("real time of windows");
        for (int walk = 0; walk < WALKS; walk++) {
            long millis = Policies.scaled(random, 7);
            long limit = Policies.scaled(random, 2);
            assertPasses(random, limit, 1_000 * millis, Subject.SECOND, cost -> new RateWindow(limit, millis, cost));
        }
    }

    /** Two periods without a step bring all back, or little longer if a step of {@code tolerated} changes nothing. */
    private void assertPasses(
            Random random, long limit, long period, long tolerated, LongFunction<Operation<RateReply>> ask) {
        Subject subject = new Subject();
        NavigableMap<Long, Long> taken = new TreeMap<>();
        long real = 0;
        long clock = Subject.START + random.nextLong(period);
        for (int step = 0; step < STEPS; step++) {
            RateReply reply = subject.run(ask.apply(1 + random.nextLong(limit)), clock);
            assertThat(reply.fullMicros()).as("seed %s", seed).isBetween(0L, 2 * period + tolerated);
            taken.merge(real, reply.taken(), Long::sum);
            long within = taken.tailMap(real - period, false).values().stream()
                    .mapToLong(permits -> permits)
                    .sum();
            assertThat(within).as("seed %s", seed).isLessThanOrEqualTo(2 * limit);
            long passed =
                    switch (random.nextInt(4)) {
                        case 0 -> 0;
                        case 1 -> reply.waitMicros();
                        case 2 -> Math.max(0, reply.fullMicros() - 1);
                        default -> random.nextLong(period / 2);
                    };
            real += passed;
            clock += passed;
            if (random.nextInt(6) == 0) {
                clock -= random.nextLong(random.nextBoolean() ? 3_000_000 : 3 * period);
            }
        }
    }
}
