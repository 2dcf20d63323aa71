package io.github.stanchion.lock;

import static io.github.stanchion.lock.OneLock.RETENTION;
import static io.github.stanchion.lock.OneLock.SECOND;
import static io.github.stanchion.lock.OneLock.SPAN;
import static io.github.stanchion.lock.OneLock.START;
import static io.github.stanchion.lock.OneLock.SUBJECT;
import static io.github.stanchion.lock.OneLock.acquire;
import static io.github.stanchion.lock.OneLock.owner;
import static io.github.stanchion.lock.OneLock.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockReleaseTest {

    private final OneLock lock = new OneLock();

    private static List<Signal> told(String topic) {
        return List.of(new Signal("lock", topic, List.of(SUBJECT)));
    }

    @Test
    void aReleasedLockIsFreeAndRemembersItsToken() {
        lock.take(1);
        assertThat(lock.free(1)).isEqualTo(new LockReleased(true, 0, false, START));
        assertThat(lock.effect).isEqualTo(Effect.put(Cells.of(1, 0, START, 0), RETENTION));
        assertThat(lock.signals).isEmpty();
        assertThat(lock.take(2)).isEqualTo(new LockAnswer(true, START + 1, SPAN, 0, 0));
    }

    @Test
    void theFirstInLineIsTakenOutAndToldByItsNode() {
        lock.take(1);
        lock.queue(900_719_925_474_099L);
        lock.queue(3);
        assertThat(lock.free(1)).isEqualTo(new LockReleased(true, 1, false, START));
        assertThat(lock.signals).isEqualTo(told("wake-900719925474099"));
        assertThat(lock.line()).containsExactly(3L);
    }

    @Test
    void allAreTakenOutAndToldByOneSignal() {
        lock.take(1);
        lock.queue(2);
        lock.run(acquire(1, 0, true, true));
        lock.queue(3);
        assertThat(lock.run(release(1, 0, LockPlace.KEEP, true))).isEqualTo(new LockReleased(true, 2, true, START));
        assertThat(lock.signals).isEqualTo(told("wake-all"));
        assertThat(lock.line()).isEmpty();
    }

    @Test
    void theOwnNodeIsToldByTheReplyAlone() {
        lock.take(1);
        lock.run(acquire(1, 0, true, true));
        assertThat(lock.run(release(1, 0, LockPlace.KEEP, true))).isEqualTo(new LockReleased(true, 0, true, START));
        assertThat(lock.signals).isEmpty();
        lock.run(acquire(1, 0, true, true));
        assertThat(lock.run(release(1, 0, LockPlace.KEEP, false)))
                .isEqualTo(new LockReleased(true, 0, true, START + 1));
        assertThat(lock.signals).isEmpty();
        assertThat(lock.line()).isEmpty();
    }

    @Test
    void leavingKeepsTheOwnNodeFromBeingWoken() {
        lock.take(1);
        lock.run(acquire(1, 0, true, true));
        lock.queue(2);
        assertThat(lock.free(1)).isEqualTo(new LockReleased(true, 1, false, START));
        assertThat(lock.signals).isEqualTo(told("wake-2"));
        assertThat(lock.line()).isEmpty();
    }

    @Test
    void whoJoinsWaitsBehindAllOthers() {
        lock.take(1);
        lock.queue(2);
        lock.queue(3);
        assertThat(lock.run(release(1, 0, LockPlace.JOIN, false))).isEqualTo(new LockReleased(true, 1, false, START));
        assertThat(lock.line()).containsExactly(3L, 1L);
        lock.take(2);
        lock.run(release(2, 0, LockPlace.JOIN, false));
        assertThat(lock.line()).containsExactly(1L, 2L);
    }

    @Test
    void whoIsInLineJoinsNoSecondTime() {
        lock.take(1);
        lock.queue(2);
        lock.run(acquire(1, 0, true, true));
        lock.queue(3);
        lock.run(release(1, 0, LockPlace.JOIN, false));
        assertThat(lock.line()).containsExactly(1L, 3L);
    }

    @Test
    void whoJoinsIsSeen() {
        lock.take(1);
        lock.queue(2);
        lock.now += 2 * SECOND;
        lock.run(release(2, 0, LockPlace.JOIN, false));
        lock.now += 2 * SECOND;
        lock.queue(3);
        assertThat(lock.line()).containsExactly(2L, 3L);
    }

    @Test
    void nobodyJoinsALineThatIsFull() {
        lock.take(1);
        for (int node = 2; node <= 65; node++) {
            lock.queue(node);
        }
        assertThat(lock.run(release(66, 0, LockPlace.JOIN, false)).released()).isFalse();
        assertThat(lock.effect).isEqualTo(Effect.keep());
        lock.run(release(1, 0, LockPlace.JOIN, false));
        assertThat(lock.line()).hasSize(64).startsWith(3L).endsWith(1L);
    }

    @Test
    void aHoldThatHasToLastGoesOnAsNobodys() {
        lock.take(1);
        lock.queue(2);
        lock.now += SECOND;
        assertThat(lock.run(release(1, 60 * SECOND, LockPlace.LEAVE, false)))
                .isEqualTo(new LockReleased(true, 0, false, START));
        assertThat(lock.signals).isEmpty();
        assertThat(lock.line()).containsExactly(2L);
        assertThat(lock.take(1)).isEqualTo(new LockAnswer(false, START, 59 * SECOND, 0, 0));
        assertThat(lock.free(1).released()).isFalse();
        assertThat(lock.run(OneLock.renew(1, SPAN)).held()).isFalse();
        lock.now = START + 60 * SECOND - 1;
        assertThat(lock.take(3).granted()).isFalse();
        lock.now += 1;
        assertThat(lock.take(3).granted()).isTrue();
    }

    @Test
    void aHoldThatHasLastedEndsAtOnce() {
        lock.take(1);
        lock.now += SECOND;
        assertThat(lock.run(release(1, SECOND, LockPlace.LEAVE, false)).released())
                .isTrue();
        assertThat(lock.take(2).granted()).isTrue();
    }

    @Test
    void aHoldThatHasToLastIsCountedAnewWhereTheClockWentBack() {
        lock.take(1);
        lock.now -= 3_600 * SECOND;
        lock.run(release(1, 60 * SECOND, LockPlace.LEAVE, false));
        assertThat(lock.take(2).remainingMicros()).isEqualTo(60 * SECOND);
    }

    @Test
    void aHoldThatHasToLastBeganNowAtTheLatest() {
        lock.value = Cells.of(1, 1, 7, 1, 1, 10, START + 5, START + 9, SPAN);
        lock.run(release(1, 60 * SECOND, LockPlace.LEAVE, false));
        assertThat(lock.take(2).remainingMicros()).isEqualTo(60 * SECOND);
    }

    @Test
    void whoDoesNotHoldFreesNothing() {
        lock.take(1);
        assertThat(lock.free(2)).isEqualTo(new LockReleased(false, 0, false, START));
        assertThat(lock.effect).isEqualTo(Effect.keep());
        assertThat(lock.seenBy(owner(1)).mine()).isTrue();
        assertThat(lock.free(1).released()).isTrue();
        assertThat(lock.free(1)).isEqualTo(new LockReleased(false, 0, false, START));
    }

    @Test
    void anEndedHoldIsNotReleasedButWakesTheNext() {
        lock.take(1);
        lock.now += SPAN - SECOND;
        lock.queue(2);
        lock.now += SECOND;
        assertThat(lock.free(1)).isEqualTo(new LockReleased(false, 1, false, START));
        assertThat(lock.signals).isEqualTo(told("wake-2"));
    }

    @Test
    void whoGivesUpWaitingLeavesTheLine() {
        lock.take(1);
        lock.queue(2);
        lock.queue(3);
        assertThat(lock.free(2)).isEqualTo(new LockReleased(false, 0, false, START));
        assertThat(lock.line()).containsExactly(3L);
        assertThat(lock.run(release(3, 0, LockPlace.KEEP, false)).released()).isFalse();
        assertThat(lock.line()).containsExactly(3L);
    }

    @Test
    void whoWasWokenAndGivesUpPassesItOn() {
        lock.take(1);
        lock.queue(2);
        lock.queue(3);
        lock.queue(4);
        lock.free(1);
        assertThat(lock.free(2)).isEqualTo(new LockReleased(false, 1, false, START));
        assertThat(lock.signals).isEqualTo(told("wake-3"));
        assertThat(lock.free(3).wokenOthers()).isEqualTo(1);
        assertThat(lock.signals).isEqualTo(told("wake-4"));
        assertThat(lock.free(4)).isEqualTo(new LockReleased(false, 0, false, START));
        assertThat(lock.effect).isEqualTo(Effect.keep());
    }

    @Test
    void whoeverLeftUnseenIsNotWoken() {
        lock.take(1);
        lock.queue(2);
        lock.now += 3 * SECOND;
        lock.queue(3);
        lock.free(1);
        assertThat(lock.signals).isEqualTo(told("wake-3"));
    }

    @Test
    void aLockWithoutAStateIsNobodys() {
        assertThat(lock.free(1)).isEqualTo(new LockReleased(false, 0, false, 0));
        assertThat(lock.effect).isEqualTo(Effect.keep());
        lock.run(release(1, 0, LockPlace.JOIN, false));
        assertThat(lock.value).isEqualTo(Cells.of(1, 0, 0, 0, 1, 1, START, START));
        assertThat(lock.take(2)).isEqualTo(new LockAnswer(true, START, SPAN, 0, 0));
    }

    @Test
    void argumentsFollowTheirStatedOrder() {
        assertThat(release(7, 5, LockPlace.LEAVE, true).arguments())
                .containsExactly(7, 70, 1, 0, RETENTION, 5, 0, 1, SUBJECT);
        assertThat(release(7, 5, LockPlace.KEEP, false).arguments())
                .containsExactly(7, 70, 1, 0, RETENTION, 5, 1, 0, SUBJECT);
        assertThat(release(7, 5, LockPlace.JOIN, false).arguments())
                .containsExactly(7, 70, 1, 0, RETENTION, 5, 2, 0, SUBJECT);
        assertThat(release(7, 5, LockPlace.JOIN, false).name()).isEqualTo("lock.release");
        assertThat(release(7, 5, LockPlace.JOIN, false).vital()).isTrue();
        assertThat(release(7, 5, LockPlace.JOIN, false).decode(new long[] {1, 2, 1, 4}))
                .isEqualTo(new LockReleased(true, 2, true, 4));
    }

    @Test
    void whatCannotBeIsRefused() {
        for (long atLeast : new long[] {-1, LockArguments.LONGEST_MICROS + 1}) {
            assertThatThrownBy(() -> release(1, atLeast, LockPlace.LEAVE, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Least time of a hold '" + atLeast + "' us is out of range; use 0 to ");
        }
        assertThatThrownBy(() -> new LockRelease(
                        owner(1), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, 0, LockPlace.LEAVE, false, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Subject '-1' is no fingerprint; use ");
        assertThatThrownBy(() -> new LockRelease(
                        LockOwner.NOBODY,
                        LockMode.EXCLUSIVE,
                        LockQueue.BARGING,
                        RETENTION,
                        0,
                        LockPlace.LEAVE,
                        false,
                        SUBJECT))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
