package io.github.stanchion.limit;

import static io.github.stanchion.limit.Subject.DAY;
import static io.github.stanchion.limit.Subject.HOUR;
import static io.github.stanchion.limit.Subject.MINUTE;
import static io.github.stanchion.limit.Subject.SECOND;
import static io.github.stanchion.limit.Subject.START;
import static io.github.stanchion.limit.Subject.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.UnreadableStateException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateIntervalTest {

    private final Subject subject = new Subject();

    private static RateInterval interval(long cost, long refill, long period) {
        return new RateInterval(false, cost, 0, shape(refill, refill, period));
    }

    @Test
    void thirdOfTwoWaitsForTheEndOfThePeriodToTheMicrosecond() {
        for (long period : new long[] {SECOND, MINUTE, HOUR, DAY}) {
            Subject fresh = new Subject();
            RateInterval one = interval(1, 2, period);
            fresh.run(one, START);
            assertThat(fresh.run(one, START + period / 10).fullMicros()).isEqualTo(period - period / 10);
            RateReply third = fresh.run(one, START + period * 2 / 5);
            assertThat(third.admitted()).isFalse();
            assertThat(third.waitMicros()).isEqualTo(period * 3 / 5);
            assertThat(fresh.run(one, START + period - 1).waitMicros()).isEqualTo(1);
            assertThat(fresh.run(one, START + period).remaining()).isEqualTo(1);
        }
    }

    @Test
    void twoLimitsOfOneCallChargeBothOrNeither() {
        Subject minute = new Subject();
        RateInterval short10 = interval(1, 10, SECOND);
        RateInterval long25 = interval(1, 25, MINUTE);
        int[] admitted = new int[3];
        for (int second = 0; second < 3; second++) {
            for (int call = 0; call < 20; call++) {
                long now = START + second * SECOND;
                if (subject.peek(short10, now).admitted()
                        && minute.peek(long25, now).admitted()) {
                    subject.run(short10, now);
                    minute.run(long25, now);
                    admitted[second]++;
                }
            }
        }
        assertThat(admitted).containsExactly(10, 10, 5);
        assertThat(subject.peek(interval(0, 10, SECOND), START + 2 * SECOND).remaining())
                .isEqualTo(5);
    }

    @Test
    void severalBandwidthsOfOneLimitHoldTogether() {
        BucketShape both = BucketShape.of(new Bandwidth(10, 10, SECOND), new Bandwidth(25, 25, MINUTE));
        RateInterval one = new RateInterval(false, 1, 0, both);
        int[] admitted = new int[3];
        for (int second = 0; second < 3; second++) {
            for (int call = 0; call < 20; call++) {
                admitted[second] +=
                        (int) subject.run(one, START + second * SECOND).taken();
            }
        }
        assertThat(admitted).containsExactly(10, 10, 5);
        assertThat(subject.run(one, START + 2 * SECOND).waitMicros()).isEqualTo(58 * SECOND);
    }

    @Test
    void refundOfAnEndedPeriodHasNoEffect() {
        RateInterval five = interval(5, 5, DAY);
        RateReply reply = subject.run(five, START);
        subject.run(interval(2, 5, DAY), START + DAY);
        assertThat(subject.run(five.undo(reply), START + DAY)).isEqualTo(new RateSettlement(0, 0, 0, 3, DAY, false));
        assertThat(new Subject().run(five.undo(reply), START + DAY).returned()).isZero();
    }

    @Test
    void refundWithinThePeriodLeavesNothingBehind() {
        RateInterval five = interval(5, 5, DAY);
        RateReply reply = subject.run(five, START);
        assertThat(subject.run(five.undo(reply), START + HOUR)).isEqualTo(new RateSettlement(0, 5, 0, 5, 0, false));
        assertThat(subject.value()).isNull();
    }

    @Test
    void overchargeGoesUpToTheDebtAndIsPaidBackPeriodByPeriod() {
        RateInterval two = interval(2, 5, DAY);
        RateReply reply = subject.run(two, START);
        assertThat(subject.run(two.settle(reply, 20, 4), START))
                .isEqualTo(new RateSettlement(7, 0, 13, -4, 2 * DAY, false));
        assertThat(subject.run(interval(1, 5, DAY), START + DAY).remaining()).isZero();
    }

    @Test
    void whatWasUsedStaysWhenTheLimitChanges() {
        subject.run(interval(5, 5, DAY), START);
        assertThat(subject.peek(interval(0, 8, DAY), START).remaining()).isEqualTo(3);
        assertThat(subject.peek(interval(0, 3, DAY), START).remaining()).isEqualTo(-2);
    }

    @Test
    void alignedPeriodsBeginAtTheEpoch() {
        RateInterval aligned = new RateInterval(true, 1, 0, shape(2, 2, DAY));
        RateReply reply = subject.run(aligned, START);
        long sinceEpoch = START - RateBucket.EPOCH_MICROS;
        assertThat(reply.stamp()).containsExactly(sinceEpoch / DAY * DAY);
        assertThat(reply.fullMicros()).isEqualTo(DAY - sinceEpoch % DAY);
    }

    @Test
    void waitersReserveComingPeriods() {
        RateInterval waiting = new RateInterval(false, 1, 2 * SECOND, shape(1, 1, SECOND));
        assertThat(subject.run(waiting, START).waitMicros()).isZero();
        assertThat(subject.run(waiting, START).waitMicros()).isEqualTo(SECOND);
        assertThat(subject.run(waiting, START).waitMicros()).isEqualTo(2 * SECOND);
        assertThat(subject.run(waiting, START))
                .isEqualTo(new RateReply(
                        false, 0, -2, 3 * SECOND, 3 * SECOND, false, List.of(START - RateBucket.EPOCH_MICROS)));
    }

    @Test
    void clockStepIsRepairedOnceLongerThanASecond() {
        RateInterval ten = interval(10, 10, SECOND);
        subject.run(ten, START);
        assertThat(subject.run(ten, START - SECOND).repaired()).isFalse();
        assertThat(subject.run(ten, START - SECOND - 1).repaired()).isTrue();
        assertThat(subject.run(ten, START - SECOND - 1).repaired()).isFalse();
        assertThat(subject.run(ten, START - 1).admitted()).isTrue();
    }

    @Test
    void alignedUseDoesNotComeBackAtABoundaryThatAStepBackCrossesAgain() {
        RateInterval two = new RateInterval(true, 2, 0, shape(2, 2, MINUTE));
        long edge = RateBucket.EPOCH_MICROS + 1_000_000 * MINUTE;
        assertThat(subject.run(two, edge).admitted()).isTrue();
        RateReply back = subject.run(two, edge - 2 * SECOND);
        assertThat(back.repaired()).isFalse();
        assertThat(back.waitMicros()).isEqualTo(MINUTE + 2 * SECOND);
        assertThat(subject.run(two, edge).admitted()).isFalse();
        assertThat(subject.run(two, edge + MINUTE - 1).admitted()).isFalse();
        assertThat(subject.run(two, edge + MINUTE).admitted()).isTrue();
    }

    @Test
    void alignedUseFurtherAheadThanTheNextPeriodIsRepairedToBeginWithIt() {
        RateInterval two = new RateInterval(true, 2, 0, shape(2, 2, MINUTE));
        long edge = RateBucket.EPOCH_MICROS + 1_000_000 * MINUTE;
        RateReply charged = subject.run(two, edge);
        assertThat(subject.peek(two, edge - MINUTE).repaired()).isFalse();
        RateReply back = subject.run(two, edge - MINUTE - 1);
        assertThat(back)
                .isEqualTo(new RateReply(
                        false,
                        0,
                        0,
                        MINUTE + 1,
                        MINUTE + 1,
                        true,
                        List.of(charged.stamp().get(0) - MINUTE)));
        assertThat(subject.run(two, edge - MINUTE).repaired()).isFalse();
        assertThat(subject.run(two.undo(charged), edge - 1).returned()).isZero();
        assertThat(subject.run(two, edge - 1).admitted()).isFalse();
        assertThat(subject.run(two, edge).admitted()).isTrue();
    }

    @Test
    void alignedBandwidthsWaitForTheClockEachByItsOwnPeriod() {
        BucketShape both = BucketShape.of(new Bandwidth(3, 3, HOUR), new Bandwidth(1, 1, MINUTE));
        RateInterval one = new RateInterval(true, 1, 0, both);
        long edge = RateBucket.EPOCH_MICROS + 1_000 * HOUR;
        RateReply charged = subject.run(one, edge);
        RateReply back = subject.run(one, edge - 5 * MINUTE);
        assertThat(back.repaired()).isTrue();
        assertThat(back.waitMicros()).isEqualTo(2 * MINUTE);
        assertThat(back.fullMicros()).isEqualTo(HOUR + 5 * MINUTE);
        assertThat(back.stamp())
                .containsExactly(charged.stamp().get(0), charged.stamp().get(1) - 4 * MINUTE);
        assertThat(subject.run(one, edge - 3 * MINUTE).remaining()).isZero();
        assertThat(subject.run(one.undo(charged), edge - 2 * MINUTE).returned()).isEqualTo(1);
    }

    @Test
    void foreignStateIsRefused() {
        for (Cells cells : List.of(
                Cells.of(1), Cells.of(1, 2, 3), Cells.of(1, -1), Cells.of(1, (1L << 52) + 1), Cells.of(new long[18]))) {
            assertThatThrownBy(() -> interval(1, 5, DAY).apply(cells, START))
                    .isInstanceOf(UnreadableStateException.class);
        }
    }

    @Test
    void argumentsFollowTheirStatedOrder() {
        RateInterval policy = new RateInterval(true, 1, 2, shape(3, 4, SECOND));
        assertThat(policy.arguments()).containsExactly(1, 1, 2, 3, 4, SECOND);
        RateReply reply = policy.decode(new long[] {1, 1, 2, 0, 5, 0, 77});
        assertThat(reply.stamp()).containsExactly(77L);
        assertThat(policy.settle(reply, -1, 2).arguments()).containsExactly(1, -1, 2, 3, 4, SECOND, 77);
        assertThat(policy.name()).isEqualTo("rate.interval");
        assertThat(policy.undo(reply).name()).isEqualTo("rate.interval.settle");
    }

    @Test
    void agreesWithCountingPeriodByPeriod() {
        long seed = System.nanoTime();
        System.out.println("interval period by period, seed " + seed);
        Random random = new Random(seed);
        for (int walk = 0; walk < 2_000; walk++) {
            long capacity = 1 + random.nextLong(20);
            long refill = 1 + random.nextLong(20);
            long period = 1_000 + random.nextLong(5_000);
            long maxWait = random.nextBoolean() ? 0 : random.nextInt(20_000);
            BucketShape shape = shape(capacity, refill, period);
            Subject fresh = new Subject();
            long now = START;
            long since = 0;
            long used = 0;
            for (int step = 0; step < 100; step++) {
                long cost = random.nextLong(capacity + 1);
                while (used > 0 && now >= since + period) {
                    since += period;
                    used = Math.max(0, used - refill);
                }
                if (used == 0) {
                    since = now;
                }
                long wait = 0;
                for (long left = used, end = since + period; left + cost > capacity; end += period) {
                    left -= refill;
                    wait = end - now;
                }
                RateReply reply = fresh.run(new RateInterval(false, cost, maxWait, shape), now);
                used += wait <= maxWait ? cost : 0;
                assertThat(reply.admitted()).as("seed %s", seed).isEqualTo(wait <= maxWait);
                assertThat(reply.waitMicros()).as("seed %s", seed).isEqualTo(wait);
                assertThat(reply.remaining()).as("seed %s", seed).isEqualTo(capacity - used);
                now += random.nextInt(4) == 0 ? wait : random.nextLong(3 * period) / (1 + random.nextInt(20));
            }
        }
    }
}
