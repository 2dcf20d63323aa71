package io.github.stanchion.lock;

import static io.github.stanchion.lock.OneLock.RETENTION;
import static io.github.stanchion.lock.OneLock.SECOND;
import static io.github.stanchion.lock.OneLock.SPAN;
import static io.github.stanchion.lock.OneLock.START;
import static io.github.stanchion.lock.OneLock.SUBJECT;
import static io.github.stanchion.lock.OneLock.release;
import static io.github.stanchion.lock.OneLock.renew;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockBreakTest {

    private final OneLock lock = new OneLock();

    private static LockBreak breaking(long node, long token) {
        return new LockBreak(node, token, RETENTION, SUBJECT);
    }

    @Test
    void whoeverHoldsItIsOutAndTheNextHasAGreaterToken() {
        lock.take(1);
        assertThat(lock.run(breaking(9, 0))).isEqualTo(new LockReleased(true, 0, false, START));
        assertThat(lock.effect).isEqualTo(Effect.put(Cells.of(1, 0, START, 0), RETENTION));
        assertThat(lock.signals).isEmpty();
        assertThat(lock.run(renew(1, SPAN))).isEqualTo(new LockRenewal(false, START));
        assertThat(lock.take(2).token()).isEqualTo(START + 1);
    }

    @Test
    void holdThatGoesOnForNobodyEndsToo() {
        lock.take(1);
        lock.run(release(1, 60 * SECOND, LockPlace.LEAVE, false));
        assertThat(lock.run(breaking(9, 0)).released()).isTrue();
        assertThat(lock.take(2).granted()).isTrue();
    }

    @Test
    void firstInLineIsToldOrKnowsItFromTheReply() {
        lock.take(1);
        lock.queue(2);
        lock.queue(3);
        assertThat(lock.run(breaking(9, 0))).isEqualTo(new LockReleased(true, 1, false, START));
        assertThat(lock.signals).isEqualTo(List.of(new Signal("lock", "wake-2", List.of(SUBJECT))));
        assertThat(lock.line()).containsExactly(3L);
        lock.take(2);
        assertThat(lock.run(breaking(3, 0))).isEqualTo(new LockReleased(true, 0, true, START + 1));
        assertThat(lock.signals).isEmpty();
        assertThat(lock.line()).isEmpty();
    }

    @Test
    void lockThatIsFreeOrHeldByAnotherGrantIsLeftAlone() {
        assertThat(lock.run(breaking(9, 0))).isEqualTo(new LockReleased(false, 0, false, 0));
        assertThat(lock.effect).isEqualTo(Effect.keep());
        lock.take(1);
        assertThat(lock.run(breaking(9, START + 1))).isEqualTo(new LockReleased(false, 0, false, START));
        assertThat(lock.effect).isEqualTo(Effect.keep());
        assertThat(lock.run(breaking(9, START)).released()).isTrue();
    }

    @Test
    void argumentsFollowTheirStatedOrderAndAreChecked() {
        LockBreak breaking = breaking(9, 5);
        assertThat(breaking.arguments()).containsExactly(9, 5, RETENTION, SUBJECT);
        assertThat(breaking.name()).isEqualTo("lock.break");
        assertThat(breaking.decode(new long[] {1, 1, 0, 7})).isEqualTo(new LockReleased(true, 1, false, 7));
        assertThatThrownBy(() -> breaking(0, 0)).hasMessageStartingWith("Node '0' is none; use 1 to");
        assertThatThrownBy(() -> breaking(Exact.MAX + 1, 0)).hasMessageContaining("Node '");
        assertThatThrownBy(() -> breaking(9, -1)).hasMessageStartingWith("Token '-1' is none; use the holder's, or 0");
        assertThatThrownBy(() -> new LockBreak(9, 0, 1, SUBJECT)).hasMessageContaining("Retention");
        assertThatThrownBy(() -> new LockBreak(9, 0, RETENTION, -1)).hasMessageContaining("Subject");
    }
}
