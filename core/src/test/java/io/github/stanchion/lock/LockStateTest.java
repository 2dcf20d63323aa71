package io.github.stanchion.lock;

import static io.github.stanchion.lock.OneLock.RETENTION;
import static io.github.stanchion.lock.OneLock.SECOND;
import static io.github.stanchion.lock.OneLock.SPAN;
import static io.github.stanchion.lock.OneLock.START;
import static io.github.stanchion.lock.OneLock.SUBJECT;
import static io.github.stanchion.lock.OneLock.acquire;
import static io.github.stanchion.lock.OneLock.owner;
import static io.github.stanchion.lock.OneLock.release;
import static io.github.stanchion.lock.OneLock.renew;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Renewals and reports, and what is read from cells. */
class LockStateTest {

    private final OneLock lock = new OneLock();

    @Test
    void aRenewalPutsTheEndAheadAndNeverNearer() {
        lock.take(1);
        lock.now += 10 * SECOND;
        assertThat(lock.run(renew(1, SPAN))).isEqualTo(new LockRenewal(true, START));
        assertThat(lock.take(2).remainingMicros()).isEqualTo(SPAN);
        assertThat(lock.run(renew(1, SECOND))).isEqualTo(new LockRenewal(true, START));
        assertThat(lock.take(2).remainingMicros()).isEqualTo(SPAN);
    }

    @Test
    void nobodyElsesHoldIsRenewed() {
        assertThat(lock.run(renew(1, SPAN))).isEqualTo(new LockRenewal(false, 0));
        assertThat(lock.effect).isEqualTo(Effect.keep());
        lock.take(1);
        assertThat(lock.run(renew(2, SPAN))).isEqualTo(new LockRenewal(false, START));
        lock.now -= 3_600 * SECOND;
        assertThat(lock.run(renew(2, SPAN))).isEqualTo(new LockRenewal(false, START));
        assertThat(lock.effect).isEqualTo(Effect.keep());
        lock.now = START + SPAN;
        assertThat(lock.run(renew(1, SPAN))).isEqualTo(new LockRenewal(false, START));
        assertThat(lock.effect).isEqualTo(Effect.keep());
    }

    @Test
    void aRenewalIsAdmittedIfItHolds() {
        lock.take(1);
        assertThat(renew(1, SPAN).apply(lock.value, START).admitted()).isTrue();
        assertThat(renew(2, SPAN).apply(lock.value, START).admitted()).isFalse();
        assertThat(acquire(2, 0, true, true).apply(lock.value, START).admitted())
                .isFalse();
        assertThat(release(2, 0, LockPlace.LEAVE, false)
                        .apply(lock.value, START)
                        .admitted())
                .isTrue();
    }

    @Test
    void aReportSaysWhoHoldsAndHowManyWait() {
        assertThat(lock.seenBy(owner(1))).isEqualTo(new LockReport(false, LockMode.FREE, 0, 0, 0, 0));
        lock.take(1);
        lock.queue(2);
        lock.queue(3);
        lock.now += SECOND;
        LockReport own = new LockReport(true, LockMode.EXCLUSIVE, START, SPAN - SECOND, 1, 2);
        LockReport others = new LockReport(false, LockMode.EXCLUSIVE, START, SPAN - SECOND, 1, 2);
        assertThat(lock.seenBy(owner(1))).isEqualTo(own);
        assertThat(lock.seenBy(owner(2))).isEqualTo(others);
        assertThat(lock.seenBy(LockOwner.NOBODY)).isEqualTo(others);
        lock.run(release(1, 60 * SECOND, LockPlace.LEAVE, false));
        assertThat(lock.seenBy(LockOwner.NOBODY))
                .isEqualTo(new LockReport(false, LockMode.EXCLUSIVE, START, 59 * SECOND, 0, 2));
        lock.now += 59 * SECOND;
        assertThat(lock.seenBy(owner(1))).isEqualTo(new LockReport(false, LockMode.FREE, START, 0, 0, 0));
    }

    @Test
    void readersOfALaterVersionKeepTheLockUntilTheLastHasEnded() {
        lock.value =
                Cells.of(1, 2, 7, 2, 4, 40, START, START + 5, SPAN, 5, 50, START, START + 9, SPAN, 6, 3, START, START);
        assertThat(lock.seenBy(owner(4))).isEqualTo(new LockReport(true, LockMode.READ, 7, 5, 4, 1));
        assertThat(lock.take(1)).isEqualTo(new LockAnswer(false, 7, 9, 0, 0));
        lock.now += 5;
        assertThat(lock.free(4).released()).isFalse();
        assertThat(lock.run(renew(5, SPAN))).isEqualTo(new LockRenewal(true, 7));
        assertThat(lock.value)
                .isEqualTo(Cells.of(1, 2, 7, 1, 5, 50, START, START + 5 + SPAN, SPAN, 6, 3, START, START));
        assertThat(lock.free(5)).isEqualTo(new LockReleased(true, 1, false, 7));
        assertThat(lock.take(1).token()).isEqualTo(START + 5);
    }

    static List<Value> unreadable() {
        long most = LockArguments.LONGEST_MICROS + 1;
        return List.of(
                new Counter(1, 0),
                Cells.of(1),
                Cells.of(1, 0, 7),
                Cells.of(2, 0, 7, 0),
                Cells.of(1, -1, 7, 0),
                Cells.of(1, 4, 7, 0),
                Cells.of(1, 0, -1, 0),
                Cells.of(1, 0, Exact.MAX, 0),
                Cells.of(1, 0, 7, 1, 1, 1, START, START + 1, 1),
                Cells.of(1, 1, 7, 0),
                Cells.of(1, 1, 7, -1),
                Cells.of(1, 1, 7, 1),
                Cells.of(1, 1, 7, 1, 1),
                Cells.of(1, 1, 7, 1, 1, 1, START, START + 1),
                Cells.of(1, 1, 7, 2, 1, 1, START, START + 1, 1, 2, 1, START, START + 1, 1),
                Cells.of(1, 2, 7, 257),
                readers(257),
                Cells.of(1, 2, 7, Exact.MAX),
                Cells.of(1, 1, 7, 1, 0, 1, START, START + 1, 1),
                Cells.of(1, 1, 7, 1, 1, 0, START, START + 1, 1),
                Cells.of(1, 1, 7, 1, -1, 1, START, START + 1, 1),
                Cells.of(1, 1, 7, 1, 1, -1, START, START + 1, 1),
                Cells.of(1, 1, 7, 1, 1, 1, START, START + 1, 0),
                Cells.of(1, 1, 7, 1, 1, 1, START, START + 1, most),
                Cells.of(1, 0, 7, 0, 1, 1, START),
                Cells.of(1, 0, 7, 0, 0, 1, START, START),
                Cells.of(1, 0, 7, 0, 1, 0, START, START),
                Cells.of(1, 0, 7, 0, 1, 4, START, START),
                Cells.of(1, 0, 7, 0, 1, 1, 0, START),
                Cells.of(1, 0, 7, 0, 1, 1, Exact.MAX, START),
                waiters(65));
    }

    private static Cells readers(int count) {
        long[] cells = new long[4 + 5 * count];
        cells[0] = 1;
        cells[1] = 2;
        cells[3] = count;
        for (int at = 4; at < cells.length; at += 5) {
            cells[at] = at;
            cells[at + 1] = 1;
            cells[at + 4] = 1;
        }
        return Cells.of(cells);
    }

    private static Cells waiters(int count) {
        long[] cells = new long[4 + 4 * count];
        cells[0] = 1;
        for (int at = 4; at < cells.length; at += 4) {
            cells[at] = at;
            cells[at + 1] = 1;
            cells[at + 2] = 1;
        }
        return Cells.of(cells);
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void whatIsNoLockIsLeftAlone(Value value) {
        for (Operation<?> operation : List.of(
                acquire(1, 0, true, true),
                renew(1, SPAN),
                release(1, 0, LockPlace.JOIN, true),
                new LockBreak(1, 0, RETENTION, SUBJECT),
                new LockInspect(owner(1)))) {
            assertThatThrownBy(() -> operation.apply(value, START))
                    .isInstanceOf(UnreadableStateException.class)
                    .hasMessageMatching("State '(a counter|\\d+ cells)' is no lock's; clear the key, .*");
        }
    }

    @Test
    void whatIsAtTheEdgeIsRead() {
        for (Cells cells : List.of(
                waiters(64),
                readers(256),
                Cells.of(1, 0, 0, 0),
                Cells.of(1, 0, Exact.MAX - 1, 0),
                Cells.of(1, 1, 7, 1, 0, 0, -Exact.MAX, Exact.MAX, LockArguments.LONGEST_MICROS),
                Cells.of(1, 3, 7, 1, Exact.MAX, Exact.MAX, Exact.MAX, -Exact.MAX, 1, Exact.MAX, 3, Exact.MAX - 1, 0))) {
            assertThatCode(() -> acquire(1, 0, true, true).apply(cells, START)).doesNotThrowAnyException();
        }
    }

    @Test
    void argumentsFollowTheirStatedOrder() {
        assertThat(renew(7, SPAN).arguments()).containsExactly(7, 70, 1, 0, RETENTION, SPAN);
        assertThat(renew(7, SPAN).name()).isEqualTo("lock.renew");
        assertThat(renew(7, SPAN).vital()).isTrue();
        assertThat(renew(7, SPAN).decode(new long[] {1, 2})).isEqualTo(new LockRenewal(true, 2));
        LockInspect inspect = new LockInspect(owner(7));
        assertThat(inspect.arguments()).containsExactly(7, 70);
        assertThat(inspect.name()).isEqualTo("lock.inspect");
        assertThat(inspect.vital()).isFalse();
        assertThat(inspect.decode(new long[] {1, 3, 4, 5, 6, 7}))
                .isEqualTo(new LockReport(true, LockMode.WRITE, 4, 5, 6, 7));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> renew(1, 999))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Span of a hold '999' us is out of range; use 1000 to ");
        assertThatThrownBy(
                        () -> new LockRenew(LockOwner.NOBODY, LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, SPAN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
