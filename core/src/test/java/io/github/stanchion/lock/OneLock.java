package io.github.stanchion.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One lock without a store, on a clock of the test's, and the operations of nodes that are called by their numbers. */
final class OneLock {

    static final long START = 1_800_000_000_000_000L;
    static final long SECOND = 1_000_000;
    static final long SPAN = 33 * SECOND;
    static final long RETENTION = 600 * SECOND;
    static final long SUBJECT = 77;

    long now = START;

    @Nullable
    Value value;

    Effect effect = Effect.keep();
    List<Signal> signals = List.of();

    static LockOwner owner(long node) {
        return new LockOwner(node, 10 * node);
    }

    static LockAcquire acquire(long node, long since, boolean enqueue, boolean more) {
        return new LockAcquire(
                owner(node), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, SPAN, since, enqueue, more, SUBJECT);
    }

    static LockRelease release(long node, long atLeast, LockPlace place, boolean all) {
        return new LockRelease(
                owner(node), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, atLeast, place, all, SUBJECT);
    }

    static LockRenew renew(long node, long span) {
        return new LockRenew(owner(node), LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, span);
    }

    LockAnswer take(long node) {
        return run(acquire(node, 0, false, false));
    }

    LockAnswer queue(long node) {
        return run(acquire(node, 0, true, false));
    }

    LockReleased free(long node) {
        return run(release(node, 0, LockPlace.LEAVE, false));
    }

    LockReport seenBy(LockOwner owner) {
        LockReport report = run(new LockInspect(owner));
        assertThat(effect).isEqualTo(Effect.keep());
        return report;
    }

    <R> R run(Operation<R> operation) {
        Transition<R> transition = operation.apply(value, now);
        assertThat(operation.apply(value, now)).isEqualTo(transition);
        effect = transition.effect();
        signals = transition.signals();
        if (effect instanceof Effect.Put put) {
            assertThat(put.collectAfterMicros()).isNotEqualTo(Effect.Put.NEVER);
            value = put.next();
        }
        return transition.result();
    }

    /** The nodes in line, in its order. */
    List<Long> line() {
        if (!(value instanceof Cells cells)) {
            return List.of();
        }
        long[] all = cells.toArray();
        long[] line = Arrays.copyOfRange(all, 4 + 5 * (int) all[3], all.length);
        return IntStream.range(0, line.length / 4).mapToObj(i -> line[4 * i]).toList();
    }
}
