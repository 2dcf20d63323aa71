package io.github.stanchion.limit;

import static io.github.stanchion.limit.Subject.DAY;
import static io.github.stanchion.limit.Subject.HOUR;
import static io.github.stanchion.limit.Subject.MINUTE;
import static io.github.stanchion.limit.Subject.MS;
import static io.github.stanchion.limit.Subject.SECOND;
import static io.github.stanchion.limit.Subject.START;
import static io.github.stanchion.limit.Subject.bucket;
import static io.github.stanchion.limit.Subject.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.UnreadableStateException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateBucketTest {

    private final Subject subject = new Subject();

    @Test
    void threeThousandASecondAdmitThirtyThreeThousandInTenSecondsAskedEvery100Micros() {
        RateBucket one = bucket(1, 3_000, SECOND);
        long admitted = 0;
        for (long at = 0; at <= 10 * SECOND; at += 100) {
            admitted += subject.run(one, START + at).taken();
        }
        assertThat(admitted).isEqualTo(33_000);
    }

    @Test
    void dailyQuotaHasWholePartsPerMicrosecond() {
        Bandwidth daily = new Bandwidth(150_000, 150_000, DAY);
        assertThat(daily.rate()).isEqualTo(1);
        assertThat(daily.parts()).isEqualTo(576_000);
    }

    @Test
    void refusalTellsTheWaitOfAFractionOfAPermitAndKeepsTheState() {
        // 0.206 of a permit of 100 a minute is left: 123,456 of 600,000 parts.
        long now = START - RateBucket.EPOCH_MICROS;
        subject.hold(Cells.of(now - 123_456));
        var transition = bucket(1, 100, MINUTE).apply(subject.value(), START);
        assertThat(transition.effect()).isEqualTo(Effect.keep());
        assertThat(transition.admitted()).isFalse();
        assertThat(transition.result()).isEqualTo(new RateReply(false, 0, 0, 476_544, 59_876_544, false, List.of()));
        assertThat(subject.peek(bucket(1, 100, MINUTE), START + 476_543).admitted())
                .isFalse();
        assertThat(subject.peek(bucket(1, 100, MINUTE), START + 476_544).admitted())
                .isTrue();
    }

    @Test
    void costsAreChargedWholeOrNotAtAll() {
        int admitted = 0;
        while (subject.run(bucket(7, 100, HOUR), START).admitted()) {
            admitted++;
        }
        assertThat(admitted).isEqualTo(14);
        assertThat(subject.run(bucket(3, 100, HOUR), START).admitted()).isFalse();
        assertThat(subject.run(bucket(2, 100, HOUR), START).admitted()).isTrue();
        assertThatThrownBy(() -> bucket(101, 100, HOUR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cost '101' is above the capacity 100");
    }

    @Test
    void repliesOfTwoAMinuteAreThoseOfTheHeaders() {
        RateBucket one = bucket(1, 2, MINUTE);
        assertThat(subject.run(one, START)).isEqualTo(new RateReply(true, 1, 1, 0, 30 * SECOND, false, List.of()));
        assertThat(subject.run(one, START)).isEqualTo(new RateReply(true, 1, 0, 0, 60 * SECOND, false, List.of()));
        assertThat(subject.run(one, START))
                .isEqualTo(new RateReply(false, 0, 0, 30 * SECOND, 60 * SECOND, false, List.of()));
        assertThat(subject.run(one, START + 30 * SECOND).admitted()).isTrue();
    }

    @Test
    void commonLimitIsOneCellAndOtherRatesATriple() {
        subject.run(bucket(1, 10, SECOND), START);
        assertThat(subject.value()).isEqualTo(Cells.of(START - RateBucket.EPOCH_MICROS - 900_000));
        subject.hold(null);
        subject.run(bucket(1, 3_000_000, SECOND), START);
        assertThat(subject.value()).isEqualTo(Cells.of(START - RateBucket.EPOCH_MICROS - 1_000_000, 1, 3));
    }

    @Test
    void waitersReserveAheadInOrderAndTheRestIsRefusedAtOnce() {
        RateBucket waiting = new RateBucket(1, 1, SECOND, 0, shape(1, 10, SECOND));
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            RateReply reply = subject.run(waiting, START);
            if (reply.admitted()) {
                waits.add(reply.waitMicros());
            } else {
                assertThat(reply.waitMicros() - waiting.maxWaitMicros()).isEqualTo(100 * MS);
            }
        }
        assertThat(waits)
                .containsExactly(
                        0L,
                        100 * MS,
                        200 * MS,
                        300 * MS,
                        400 * MS,
                        500 * MS,
                        600 * MS,
                        700 * MS,
                        800 * MS,
                        900 * MS,
                        1_000 * MS);
    }

    @Test
    void takesWhatThereIsBetweenTheNeededAndTheWanted() {
        BucketShape shape = shape(100, 100, HOUR);
        assertThat(subject.run(new RateBucket(1, 60, 0, 0, shape), START).taken())
                .isEqualTo(60);
        assertThat(subject.run(new RateBucket(1, 60, 0, 0, shape), START).taken())
                .isEqualTo(40);
        assertThat(subject.run(new RateBucket(1, 60, 0, 0, shape), START).admitted())
                .isFalse();
    }

    @Test
    void costZeroTellsAndWritesNothing() {
        subject.run(bucket(4, 10, MINUTE), START);
        var transition = bucket(0, 10, MINUTE).apply(subject.value(), START);
        assertThat(transition.effect()).isEqualTo(Effect.keep());
        assertThat(transition.result()).isEqualTo(new RateReply(true, 0, 6, 0, 24 * SECOND, false, List.of()));
        assertThat(bucket(0, 10, MINUTE).apply(null, START).effect()).isEqualTo(Effect.keep());
    }

    @Test
    void settlingGoesIntoDebtAndForgivesTheRest() {
        RateBucket reserve = new RateBucket(1_000, 1_000, 0, 10_000, shape(10_000, 10_000, HOUR));
        int run = 0;
        while (run < 3) {
            assertThat(subject.run(reserve, START).admitted()).isTrue();
            subject.run(reserve.settle(1_500), START);
            run++;
        }
        var twoThousandFiveHundredLeft = subject.value();
        assertThat(subject.run(reserve, START).remaining()).isEqualTo(1_500);
        assertThat(subject.run(reserve.settle(1_500), START).remaining()).isZero();
        assertThat(subject.run(reserve, START).admitted()).isFalse();

        subject.hold(twoThousandFiveHundredLeft);
        subject.run(reserve, START);
        assertThat(subject.run(reserve.settle(8_000), START).remaining()).isEqualTo(-6_500);
        assertThat(subject.run(reserve, START).waitMicros()).isEqualTo(2_700 * SECOND);

        subject.hold(twoThousandFiveHundredLeft);
        subject.run(reserve, START);
        assertThat(subject.run(reserve.settle(49_000), START))
                .isEqualTo(new RateSettlement(11_500, 0, 37_500, -10_000, 2 * HOUR, false));
    }

    @Test
    void undoLeavesNothingBehind() {
        RateBucket three = bucket(3, 10, MINUTE);
        RateReply reply = subject.run(three, START);
        RateSettlement undone = subject.run(three.undo(reply), START);
        assertThat(undone).isEqualTo(new RateSettlement(0, 3, 0, 10, 0, false));
        assertThat(subject.value()).isNull();
        assertThat(three.undo(reply).apply(null, START).effect()).isEqualTo(Effect.keep());
    }

    @Test
    void changedLimitsKeepTheShareWhereTheTimeToFullStays() {
        subject.run(bucket(6, 10, MINUTE), START);
        assertThat(subject.peek(bucket(0, 100, MINUTE), START).remaining()).isEqualTo(40);
        assertThat(subject.peek(bucket(0, 5, MINUTE), START).remaining()).isEqualTo(2);
    }

    @Test
    void bandwidthsMatchByPositionAndANewOneTakesTheLatestInstant() {
        subject.run(bucket(10, 10, MINUTE), START);
        BucketShape two = BucketShape.of(new Bandwidth(5, 5, SECOND), new Bandwidth(10, 10, MINUTE));
        assertThat(two.first().periodMicros()).isEqualTo(MINUTE);
        assertThat(subject.run(new RateBucket(1, 1, 0, 0, two), START).waitMicros())
                .isEqualTo(6 * SECOND);
        assertThat(subject.run(new RateBucket(1, 1, 0, 0, two), START + 6 * SECOND)
                        .taken())
                .isEqualTo(1);
        assertThat(((Cells) subject.value()).size()).isEqualTo(6);
        assertThat(subject.peek(bucket(0, 10, MINUTE), START + 6 * SECOND).remaining())
                .isZero();
    }

    @Test
    void clockStepIsRepairedOnceLongerThanASecond() {
        RateBucket drain = bucket(10, 10, SECOND);
        subject.run(drain, START);
        var drained = subject.value();
        RateReply tolerated = subject.run(bucket(1, 10, SECOND), START - SECOND);
        assertThat(tolerated.repaired()).isFalse();
        assertThat(tolerated.waitMicros()).isEqualTo(1_100 * MS);
        assertThat(subject.value()).isEqualTo(drained);

        long back = START - HOUR;
        assertThat(subject.run(bucket(1, 10, SECOND), back).repaired()).isTrue();
        assertThat(subject.run(bucket(1, 10, SECOND), back).repaired()).isFalse();
        assertThat(subject.run(drain, back + SECOND).admitted()).isTrue();
    }

    @Test
    void foreignStateIsRefusedAndNothingElseIs() {
        RateBucket one = bucket(1, 10, SECOND);
        for (Cells cells : List.of(
                Cells.of(1, 2), Cells.of(1, 2, 3, 4), Cells.of(1, -1, 3), Cells.of(1, 3, 3), Cells.of(new long[27]))) {
            assertThatThrownBy(() -> one.apply(cells, START)).isInstanceOf(UnreadableStateException.class);
        }
        assertThatThrownBy(() -> one.apply(new Counter(1, 0), START))
                .isInstanceOf(UnreadableStateException.class)
                .hasMessageContaining("counter");
    }

    @Test
    void argumentsAndReplyFollowTheirStatedOrder() {
        RateBucket policy = new RateBucket(1, 2, 3, 4, shape(5, 3_000_000, SECOND));
        assertThat(policy.arguments()).containsExactly(1, 2, 3, 4, 5, 3, 1);
        assertThat(policy.settle(-2).arguments()).containsExactly(-2, 3, 4, 5, 3, 1);
        assertThat(policy.decode(new long[] {1, 2, -3, 4, 5, 1}))
                .isEqualTo(new RateReply(true, 2, -3, 4, 5, true, List.of()));
        assertThat(policy.settle(0).decode(new long[] {1, 2, 3, 4, 5, 0}))
                .isEqualTo(new RateSettlement(1, 2, 3, 4, 5, false));
        assertThat(policy.name()).isEqualTo("rate.bucket");
        assertThat(policy.settle(1).name()).isEqualTo("rate.bucket.settle");
    }

    @Test
    void oneNumberIsAsGoodAsTheCells() {
        Bandwidth bandwidth = new Bandwidth(20, 7, 3 * SECOND + 1);
        RateBucket three = new RateBucket(3, 3, 0, 0, BucketShape.of(bandwidth));
        long since = START - RateBucket.EPOCH_MICROS;
        long empty = Long.MIN_VALUE / 4;
        for (long at = 0; at < 60 * SECOND; at += 777_777) {
            long credit = RateBucket.creditOf(bandwidth, empty, since + at);
            RateReply reply = subject.run(three, START + at);
            assertThat(reply.waitMicros()).isEqualTo(bandwidth.waitFor(3, credit));
            if (reply.admitted()) {
                credit -= 3 * bandwidth.parts();
                empty = RateBucket.emptyAt(bandwidth, credit, since + at);
                long a = Math.floorDiv(empty, bandwidth.rate());
                long b = Math.floorMod(empty, bandwidth.rate());
                assertThat(subject.value()).isEqualTo(b == 0 ? Cells.of(a) : Cells.of(a, b, bandwidth.rate()));
            }
            assertThat(reply.remaining()).isEqualTo(bandwidth.permitsIn(credit));
            assertThat(reply.fullMicros()).isEqualTo(bandwidth.untilFull(credit));
        }
    }
}
