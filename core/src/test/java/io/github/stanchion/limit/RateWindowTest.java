package io.github.stanchion.limit;

import static io.github.stanchion.limit.Subject.MINUTE;
import static io.github.stanchion.limit.Subject.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.UnreadableStateException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateWindowTest {

    /** The start of window number 1,000,000 of a minute. */
    private static final long EDGE = RateBucket.EPOCH_MICROS + 1_000_000 * MINUTE;

    private final Subject subject = new Subject();

    private static RateWindow minute(long cost) {
        return new RateWindow(100, 60_000, cost);
    }

    @Test
    void lastWindowFadesOutAsTheCurrentOneRuns() {
        assertThat(subject.run(minute(100), EDGE))
                .isEqualTo(new RateReply(true, 100, 0, 0, 2 * MINUTE, false, List.of(1_000_000L)));
        assertThat(subject.run(minute(1), EDGE).waitMicros()).isEqualTo(MINUTE + 600_000);
        assertThat(subject.run(minute(1), EDGE + MINUTE + 599_999).waitMicros()).isEqualTo(1);
        assertThat(subject.run(minute(1), EDGE + MINUTE + 600_000).admitted()).isTrue();
        assertThat(subject.peek(minute(0), EDGE + MINUTE + 30 * SECOND).remaining())
                .isEqualTo(49);
        assertThat(subject.peek(minute(0), EDGE + 3 * MINUTE).fullMicros()).isZero();
    }

    @Test
    void noMoreThanTheLimitPassesAroundAnEdge() {
        assertThat(subject.run(minute(100), EDGE - 1_000).admitted()).isTrue();
        assertThat(subject.run(minute(2), EDGE + 1_000).admitted()).isFalse();
        assertThat(subject.run(minute(100), EDGE + MINUTE).admitted()).isTrue();
    }

    @Test
    void settlementGoesToTheWindowThatWasCharged() {
        RateReply first = subject.run(minute(40), EDGE);
        RateReply second = subject.run(minute(30), EDGE + MINUTE);
        assertThat(subject.value()).isEqualTo(Cells.of(40, 30, 1_000_001));
        assertThat(subject.run(minute(40).settle(first, -15, 0), EDGE + MINUTE).returned())
                .isEqualTo(15);
        assertThat(subject.value()).isEqualTo(Cells.of(25, 30, 1_000_001));
        assertThat(subject.run(minute(30).settle(second, 95, 20), EDGE + MINUTE))
                .isEqualTo(new RateSettlement(90, 0, 5, -45, 2 * MINUTE, false));
        assertThat(subject.run(minute(40).undo(first), EDGE + 2 * MINUTE).returned())
                .isZero();
        RateReply zero = new RateReply(true, 0, 0, 0, 0, false, List.of(1_000_000L));
        assertThat(subject.run(minute(1).settle(zero, 5, 0), EDGE + 2 * MINUTE).forgiven())
                .isEqualTo(5);
    }

    @Test
    void undoLeavesNothingBehind() {
        RateReply reply = subject.run(minute(7), EDGE);
        subject.run(minute(7).undo(reply), EDGE + 5);
        assertThat(subject.value()).isNull();
    }

    @Test
    void clockStepIsRepairedOnceLongerThanASecond() {
        subject.run(minute(100), EDGE);
        Cells stored = Cells.of(0, 100, 1_000_000);
        assertThat(subject.value()).isEqualTo(stored);
        RateReply tolerated = subject.run(minute(1), EDGE - SECOND);
        assertThat(tolerated.repaired()).isFalse();
        assertThat(tolerated.waitMicros()).isEqualTo(SECOND + MINUTE + 600_000);
        assertThat(subject.value()).isEqualTo(stored);
        assertThat(subject.run(minute(1), EDGE - SECOND - 1).repaired()).isTrue();
        assertThat(subject.value()).isEqualTo(Cells.of(0, 100, 999_999));
        subject.hold(Cells.of(0, 0, 5_000_000));
        assertThat(minute(0).apply(subject.value(), EDGE).effect()).isEqualTo(Effect.delete());
    }

    @Test
    void longStepBackToLateInAWindowLetsNoCountFadeSooner() {
        subject.run(minute(100), EDGE);
        assertThat(subject.run(minute(40), EDGE + MINUTE + 30 * SECOND).admitted())
                .isTrue();
        RateReply back = subject.run(minute(0), EDGE + 58 * SECOND);
        assertThat(back.repaired()).isTrue();
        assertThat(back.remaining()).isEqualTo(-40);
        assertThat(back.fullMicros()).isEqualTo(62 * SECOND);
        assertThat(subject.value()).isEqualTo(Cells.of(0, 140, 1_000_000));
        assertThat(subject.run(minute(1), EDGE + 59 * SECOND).admitted()).isFalse();
        assertThat(subject.run(minute(1), EDGE + MINUTE).waitMicros()).isEqualTo(17_572_000);
        assertThat(subject.peek(minute(1), EDGE + MINUTE + 17_572_000).admitted())
                .isTrue();
    }

    @Test
    void whatWasCountedStaysWhenTheLimitChanges() {
        subject.run(minute(100), EDGE);
        RateReply reply = subject.peek(new RateWindow(10, 60_000, 1), EDGE);
        assertThat(reply.remaining()).isEqualTo(-90);
        assertThat(reply.waitMicros()).isEqualTo(MINUTE + 54_600_000 - 0);
    }

    @Test
    void foreignStateIsRefused() {
        for (Cells cells : List.of(Cells.of(1), Cells.of(1, 2), Cells.of(-1, 1, 1), Cells.of(1, -1, 1))) {
            assertThatThrownBy(() -> minute(1).apply(cells, EDGE)).isInstanceOf(UnreadableStateException.class);
        }
    }

    @Test
    void argumentsFollowTheirStatedOrder() {
        assertThat(minute(3).arguments()).containsExactly(100, 60_000, 3);
        assertThat(new RateWindowSettle(100, 60_000, -3, 4, 5).arguments()).containsExactly(100, 60_000, -3, 4, 5);
        assertThat(minute(3).name()).isEqualTo("rate.window");
        assertThat(new RateWindowSettle(100, 60_000, -3, 4, 5).name()).isEqualTo("rate.window.settle");
    }

    @Test
    void agreesWithCountingAndWithTryingEveryMillisecond() {
        long seed = System.nanoTime();
        System.out.println("window against counting, seed " + seed);
        Random random = new Random(seed);
        for (int walk = 0; walk < 500; walk++) {
            long limit = 1 + random.nextLong(30);
            long length = 1 + random.nextLong(60);
            Subject fresh = new Subject();
            Map<Long, Long> counts = new HashMap<>();
            long now = Subject.START;
            for (int step = 0; step < 100; step++) {
                long cost = random.nextLong(limit + 1);
                long wait = 0;
                while (!admits(counts, limit, length, cost, now + wait)) {
                    wait = wait - Math.floorMod(now + wait, 1_000) + 1_000;
                }
                RateReply reply = fresh.run(new RateWindow(limit, length, cost), now);
                assertThat(reply.admitted()).as("seed %s", seed).isEqualTo(wait == 0);
                assertThat(reply.waitMicros()).as("seed %s", seed).isEqualTo(wait);
                if (reply.admitted()) {
                    counts.merge(window(now, length), cost, Long::sum);
                }
                assertThat(admits(counts, limit, length, reply.remaining(), now))
                        .isTrue();
                assertThat(admits(counts, limit, length, reply.remaining() + 1, now))
                        .isFalse();
                now += random.nextInt(4) == 0 ? wait : random.nextLong(length * 500 + 1) / (1 + random.nextInt(9));
            }
        }
    }

    private static long window(long now, long length) {
        return (now - RateBucket.EPOCH_MICROS) / 1_000 / length;
    }

    private static boolean admits(Map<Long, Long> counts, long limit, long length, long cost, long now) {
        long window = window(now, length);
        long elapsed = (now - RateBucket.EPOCH_MICROS) / 1_000 - window * length;
        long previous = counts.getOrDefault(window - 1, 0L);
        long current = counts.getOrDefault(window, 0L);
        return previous * (length - elapsed) + (current + cost) * length <= limit * length;
    }
}
