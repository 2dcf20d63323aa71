package io.github.stanchion.limit;

import static io.github.stanchion.limit.Subject.MINUTE;
import static io.github.stanchion.limit.Subject.SECOND;
import static io.github.stanchion.limit.Subject.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.UnreadableStateException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLogTest {

    private static final long NOW = START - RateBucket.EPOCH_MICROS;

    private final Subject subject = new Subject();

    private static RateLog three(long cost) {
        return new RateLog(3, MINUTE, cost);
    }

    @Test
    void entriesAreTheFirstTimeAndThenDifferences() {
        subject.run(three(1), START);
        subject.run(three(2), START + 5);
        assertThat(subject.value()).isEqualTo(Cells.of(NOW, 5, 0));
        assertThat(subject.run(three(2), START + 10))
                .isEqualTo(new RateReply(false, 0, 0, MINUTE - 5, MINUTE - 5, false, List.of(NOW + 10)));
        assertThat(subject.run(three(1), START + MINUTE - 1).waitMicros()).isEqualTo(1);
        assertThat(subject.run(three(1), START + MINUTE).remaining()).isZero();
        assertThat(subject.value()).isEqualTo(Cells.of(NOW + 5, 0, MINUTE - 5));
    }

    @Test
    void noMinuteHoldsMoreThanTheLimitAndEveryRefusalWasNeeded() {
        long seed = System.nanoTime();
        System.out.println("log against counting, seed " + seed);
        Random random = new Random(seed);
        Deque<Long> taken = new ArrayDeque<>();
        long now = START;
        int refused = 0;
        for (int call = 0; call < 100_000; call++) {
            long cost = 1L + random.nextInt(random.nextInt(10) == 0 ? 100 : 3);
            while (!taken.isEmpty() && taken.getFirst() <= now - MINUTE) {
                taken.removeFirst();
            }
            RateReply reply = subject.run(new RateLog(100, MINUTE, cost), now);
            assertThat(reply.admitted()).as("seed %s", seed).isEqualTo(taken.size() + cost <= 100);
            if (reply.admitted()) {
                for (int i = 0; i < cost; i++) {
                    taken.addLast(now);
                }
            } else {
                refused++;
                List<Long> oldestFirst = new ArrayList<>(taken);
                long freed = oldestFirst.get((int) (taken.size() + cost - 100 - 1));
                assertThat(reply.waitMicros()).as("seed %s", seed).isEqualTo(freed + MINUTE - now);
            }
            assertThat(reply.remaining()).isEqualTo(100 - taken.size());
            now += random.nextInt(20) == 0 ? reply.waitMicros() : random.nextInt(2_000_000);
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void refundTakesOutTheEntriesOfThatTimeAlone() {
        RateReply first = subject.run(three(1), START);
        RateReply second = subject.run(three(2), START + 5);
        assertThat(subject.run(three(2).undo(second), START + 9))
                .isEqualTo(new RateSettlement(0, 2, 0, 2, MINUTE - 9, false));
        assertThat(subject.run(three(2).undo(second), START + 9).returned()).isZero();
        subject.run(three(1).undo(first), START + 9);
        assertThat(subject.value()).isNull();
    }

    @Test
    void overchargeEntersUpToLimitAndDebt() {
        RateReply reply = subject.run(three(1), START);
        assertThat(subject.run(three(1).settle(reply, 9, 2), START + 5))
                .isEqualTo(new RateSettlement(4, 0, 5, -2, MINUTE, false));
        assertThat(subject.run(three(1), START + 5).waitMicros()).isEqualTo(MINUTE);
    }

    @Test
    void clockStepIsRepairedOnceLongerThanASecond() {
        subject.run(three(2), START);
        RateReply tolerated = subject.run(three(1), START - SECOND);
        assertThat(tolerated.repaired()).isFalse();
        assertThat(tolerated.stamp()).containsExactly(NOW);
        assertThat(subject.value()).isEqualTo(Cells.of(NOW, 0, 0));
        RateReply refused = subject.run(three(1), START - SECOND - 1);
        assertThat(refused.repaired()).isTrue();
        assertThat(refused.waitMicros()).isEqualTo(MINUTE);
        assertThat(subject.value()).isEqualTo(Cells.of(NOW - SECOND - 1, 0, 0));
    }

    @Test
    void foreignStateIsRefused() {
        for (Cells cells : List.of(Cells.of(1, -1), Cells.of((1L << 53) - 1, 1), Cells.of(new long[201]))) {
            assertThatThrownBy(() -> three(1).apply(cells, START)).isInstanceOf(UnreadableStateException.class);
        }
    }

    @Test
    void argumentsFollowTheirStatedOrder() {
        assertThat(three(2).arguments()).containsExactly(3, MINUTE, 2);
        assertThat(new RateLogSettle(3, MINUTE, -1, 2, 77).arguments()).containsExactly(3, MINUTE, -1, 2, 77);
        assertThat(three(2).name()).isEqualTo("rate.log");
        assertThat(new RateLogSettle(3, MINUTE, -1, 2, 77).name()).isEqualTo("rate.log.settle");
    }
}
