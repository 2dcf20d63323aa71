package io.github.stanchion.lock;

import static io.github.stanchion.lock.OneLock.RETENTION;
import static io.github.stanchion.lock.OneLock.SECOND;
import static io.github.stanchion.lock.OneLock.SPAN;
import static io.github.stanchion.lock.OneLock.START;
import static io.github.stanchion.lock.OneLock.SUBJECT;
import static io.github.stanchion.lock.OneLock.acquire;
import static io.github.stanchion.lock.OneLock.owner;
import static io.github.stanchion.lock.OneLock.renew;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.StoreKey;
import org.junit.jupiter.api.Test;

class LockAcquireTest {

    private final OneLock lock = new OneLock();

    @Test
    void aFreeLockIsHeldForTheSpan() {
        assertThat(lock.take(1)).isEqualTo(new LockAnswer(true, START, SPAN, 0, 0));
        assertThat(lock.effect)
                .isEqualTo(Effect.put(Cells.of(1, 1, START, 1, 1, 10, START, START + SPAN, SPAN), RETENTION));
    }

    @Test
    void aStateIsKeptForAsLongAsItsHold() {
        long span = 2 * RETENTION;
        lock.run(new LockAcquire(
                owner(1), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, span, 0, false, false, SUBJECT));
        assertThat(lock.effect).isInstanceOfSatisfying(Effect.Put.class, put -> assertThat(put.collectAfterMicros())
                .isEqualTo(span));
    }

    @Test
    void aHeldLockIsRefusedAndNothingWrittenForWhoDoesNotWait() {
        lock.take(1);
        lock.now += SECOND;
        assertThat(lock.take(2)).isEqualTo(new LockAnswer(false, START, SPAN - SECOND, 0, 0));
        assertThat(lock.effect).isEqualTo(Effect.keep());
    }

    @Test
    void anOwnerThatAsksAgainHoldsWithTheSameTokenAndIsNeverCutShort() {
        lock.take(1);
        lock.now += SECOND;
        assertThat(lock.take(1)).isEqualTo(new LockAnswer(true, START, SPAN, 0, 0));
        LockAcquire brief = new LockAcquire(
                owner(1), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, SECOND, 0, false, false, SUBJECT);
        lock.now += SECOND;
        assertThat(lock.run(brief)).isEqualTo(new LockAnswer(true, START, SPAN - SECOND, 0, 0));
        lock.now += SPAN - 2 * SECOND;
        assertThat(lock.run(brief)).isEqualTo(new LockAnswer(true, START, SECOND, 0, 0));
    }

    @Test
    void anotherAcquisitionOfTheSameNodeIsAnotherOwner() {
        lock.take(1);
        LockAcquire other = new LockAcquire(
                new LockOwner(1, 11), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, SPAN, 0, false, false, SUBJECT);
        assertThat(lock.run(other).granted()).isFalse();
    }

    @Test
    void aHoldEndsAtExactlyItsEnd() {
        lock.take(1);
        lock.now += SPAN - 1;
        assertThat(lock.take(2)).isEqualTo(new LockAnswer(false, START, 1, 0, 0));
        lock.now += 1;
        assertThat(lock.take(2)).isEqualTo(new LockAnswer(true, START + SPAN, SPAN, 0, 0));
        assertThat(lock.run(renew(1, SPAN))).isEqualTo(new LockRenewal(false, START + SPAN));
    }

    @Test
    void tokensRiseWhateverTheClockDoesAndWhateverIsLost() {
        long last = 0;
        for (int i = 0; i < 100; i++) {
            lock.now += i % 3 - 1;
            long token = lock.take(i % 2 + 1).token();
            assertThat(token).isGreaterThan(last);
            last = token;
            lock.free(i % 2 + 1);
        }
        lock.now -= 60 * SECOND;
        assertThat(lock.take(1).token()).isEqualTo(last + 1);
        lock.now += 61 * SECOND;
        lock.value = null;
        assertThat(lock.take(2).token()).isEqualTo(lock.now).isGreaterThan(last + 1);
    }

    @Test
    void aClockThatGoesBackLocksNobodyOutForLongerThanTheSpan() {
        lock.take(1);
        lock.now -= 3_600 * SECOND;
        assertThat(lock.take(2)).isEqualTo(new LockAnswer(false, START, SPAN, 0, 0));
        assertThat(lock.value).isEqualTo(Cells.of(1, 1, START, 1, 1, 10, lock.now, lock.now + SPAN, SPAN));
        lock.now += SPAN;
        assertThat(lock.take(2)).isEqualTo(new LockAnswer(true, START + 1, SPAN, 0, 0));
    }

    @Test
    void aHoldThatWasPutFurtherAheadIsNotTakenForTheClocks() {
        lock.take(1);
        lock.run(renew(1, 2 * SPAN));
        lock.run(renew(1, SPAN));
        assertThat(lock.take(2).remainingMicros()).isEqualTo(2 * SPAN);
        lock.now -= 1;
        assertThat(lock.take(2).remainingMicros()).isEqualTo(2 * SPAN);
    }

    @Test
    void waitersStandInTheOrderInWhichTheyCame() {
        lock.take(1);
        assertThat(lock.queue(2)).isEqualTo(new LockAnswer(false, START, SPAN, START, 1));
        assertThat(lock.queue(3)).isEqualTo(new LockAnswer(false, START, SPAN, START + 1, 2));
        lock.now += 2 * SECOND;
        assertThat(lock.queue(4)).isEqualTo(new LockAnswer(false, START, SPAN - 2 * SECOND, lock.now, 3));
        assertThat(lock.queue(2)).isEqualTo(new LockAnswer(false, START, SPAN - 2 * SECOND, START, 1));
        assertThat(lock.line()).containsExactly(2L, 3L, 4L);
    }

    @Test
    void aWaiterThatIsNotSeenForThreeSecondsHasLeft() {
        lock.take(1);
        lock.queue(2);
        lock.queue(3);
        lock.now += 3 * SECOND - 1;
        assertThat(lock.queue(3).position()).isEqualTo(2);
        lock.now += 1;
        assertThat(lock.queue(3).position()).isEqualTo(1);
        assertThat(lock.line()).containsExactly(3L);
    }

    @Test
    void aWaiterIsNotKeptByAClockThatGoesBack() {
        lock.take(1);
        lock.queue(2);
        lock.now -= 3_600 * SECOND;
        assertThat(lock.take(3).granted()).isFalse();
        assertThat(lock.line()).containsExactly(2L);
        lock.now += 3 * SECOND;
        assertThat(lock.queue(3).position()).isEqualTo(1);
    }

    @Test
    void whoLostItsPlaceGetsItBackBySince() {
        lock.take(1);
        long since = lock.queue(2).since();
        lock.queue(3);
        lock.queue(4);
        lock.free(1);
        assertThat(lock.line()).containsExactly(3L, 4L);
        lock.take(5);
        lock.queue(6);
        assertThat(lock.run(acquire(2, since, true, false)))
                .isEqualTo(new LockAnswer(false, START + 1, SPAN, since, 1));
        assertThat(lock.line()).containsExactly(2L, 3L, 4L, 6L);
    }

    @Test
    void whoCameAtTheSameTimeAsAnotherThatKeptItsPlaceStandsBehindIt() {
        lock.take(1);
        long since = lock.queue(2).since();
        lock.queue(3);
        assertThat(lock.run(acquire(4, since, true, false)).position()).isEqualTo(2);
        assertThat(lock.line()).containsExactly(2L, 4L, 3L);
    }

    @Test
    void noSinceLeadsBehindTheTail() {
        lock.take(1);
        lock.queue(2);
        assertThat(lock.run(acquire(3, Exact.MAX, true, false)).since()).isEqualTo(START + 1);
        assertThat(lock.queue(4).since()).isEqualTo(START + 2);
        assertThat(lock.line()).containsExactly(2L, 3L, 4L);
    }

    @Test
    void sixtyFourNodesWaitAndNoMore() {
        lock.take(1);
        for (int node = 2; node <= 65; node++) {
            assertThat(lock.queue(node).position()).isEqualTo(node - 1);
        }
        assertThat(lock.queue(66)).isEqualTo(new LockAnswer(false, START, SPAN, 0, 0));
        assertThat(lock.effect).isEqualTo(Effect.keep());
        assertThat(lock.run(acquire(67, START, true, false)).since()).isZero();
        assertThat(lock.queue(65).position()).isEqualTo(64);
        lock.now += 3 * SECOND;
        assertThat(lock.queue(66).position()).isEqualTo(1);
    }

    @Test
    void whoIsGrantedLeavesTheLine() {
        twoWaitUntilTheHoldEnds();
        assertThat(lock.run(acquire(2, 0, true, false))).isEqualTo(new LockAnswer(true, lock.now, SPAN, 0, 0));
        assertThat(lock.line()).containsExactly(3L);
    }

    @Test
    void whoIsGrantedWhileMoreOfItsCallersWaitGoesToTheTail() {
        twoWaitUntilTheHoldEnds();
        LockAnswer granted = new LockAnswer(true, lock.now, SPAN, lock.now, 2);
        assertThat(lock.run(acquire(2, START, true, true))).isEqualTo(granted);
        assertThat(lock.line()).containsExactly(3L, 2L);
        assertThat(lock.run(acquire(2, START, true, true))).isEqualTo(granted);
        assertThat(lock.line()).containsExactly(3L, 2L);
    }

    private void twoWaitUntilTheHoldEnds() {
        lock.take(1);
        lock.now += SPAN - SECOND;
        lock.queue(2);
        lock.queue(3);
        lock.now += SECOND;
    }

    @Test
    void moreCallersGetAPlaceThoughTheNodeHadNone() {
        assertThat(lock.run(acquire(1, 0, true, true))).isEqualTo(new LockAnswer(true, START, SPAN, START, 1));
        assertThat(lock.line()).containsExactly(1L);
    }

    @Test
    void whatIsGrantedIsTakenBackByReleasingIt() {
        LockAnswer answer = lock.take(1);
        lock.queue(2);
        LockRelease undo = acquire(1, 0, false, false).undo(answer);
        assertThat(undo).isEqualTo(OneLock.release(1, 0, LockPlace.LEAVE, false));
        assertThat(lock.run(undo)).isEqualTo(new LockReleased(true, 1, false, START));
    }

    @Test
    void argumentsFollowTheirStatedOrder() {
        assertThat(acquire(7, 5, true, false).arguments()).containsExactly(7, 70, 1, 0, RETENTION, SPAN, 5, 1, 0);
        assertThat(acquire(7, 5, false, true).arguments()).containsExactly(7, 70, 1, 0, RETENTION, SPAN, 5, 0, 1);
        assertThat(acquire(7, 5, true, false).name()).isEqualTo("lock.acquire");
        assertThat(acquire(7, 5, true, false).vital()).isFalse();
        assertThat(acquire(7, 5, true, false).shareable()).isFalse();
        assertThat(acquire(7, 5, true, false).decode(new long[] {1, 2, 3, 4, 5}))
                .isEqualTo(new LockAnswer(true, 2, 3, 4, 5));
    }

    @Test
    void whatCannotBeIsRefused() {
        refused(owner(1), LockMode.READ, LockQueue.BARGING, RETENTION, SPAN, 0, SUBJECT, "Lock mode 'READ'");
        refused(owner(1), LockMode.FREE, LockQueue.BARGING, RETENTION, SPAN, 0, SUBJECT, "Lock mode 'FREE'");
        refused(owner(1), LockMode.EXCLUSIVE, LockQueue.FIFO, RETENTION, SPAN, 0, SUBJECT, "Lock queue 'FIFO'");
        refused(LockOwner.NOBODY, LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, SPAN, 0, SUBJECT, "Owner '0/0'");
        for (long retention : new long[] {2_999_999, LockArguments.LONGEST_MICROS + 1}) {
            refused(owner(1), LockMode.EXCLUSIVE, LockQueue.BARGING, retention, SPAN, 0, SUBJECT, "Retention");
        }
        for (long span : new long[] {999, LockArguments.LONGEST_MICROS + 1}) {
            refused(owner(1), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, span, 0, SUBJECT, "Span of a hold");
        }
        for (long since : new long[] {-1, Exact.MAX + 1}) {
            refused(owner(1), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, SPAN, since, SUBJECT, "Begin of");
        }
        for (long subject : new long[] {-1, StoreKey.MOST_FINGERPRINT + 1}) {
            refused(owner(1), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, SPAN, 0, subject, "Subject");
        }
        for (long[] wrong : new long[][] {{0, 1}, {1, 0}, {-1, 1}, {1, -1}, {1L << 53, 1}, {1, 1L << 53}}) {
            assertThatThrownBy(() -> new LockOwner(wrong[0], wrong[1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Owner '" + wrong[0] + "/" + wrong[1] + "' is out of range; use ");
        }
    }

    private static void refused(
            LockOwner owner,
            LockMode mode,
            LockQueue queue,
            long retention,
            long span,
            long since,
            long subject,
            String message) {
        assertThatThrownBy(() -> new LockAcquire(owner, mode, queue, retention, span, since, true, true, subject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("; use ");
    }
}
