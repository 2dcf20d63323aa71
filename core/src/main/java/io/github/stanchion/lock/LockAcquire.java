package io.github.stanchion.lock;

import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a lock: takes it if it is free, else gets into the line of those who wait for it, if so wished.
 *
 * <p>An owner that holds the lock already is granted it again, with the same token: a lost reply blocks nobody, and a hold is
 * never shortened by asking. A hold ends at exactly its end. Nodes wait, not callers: each has one place in line, which it
 * keeps by asking again, and has left when it was not seen for 3 s. A line of 64 takes in nobody else.
 *
 * <p>Arguments: node, sequence, mode, queue, retention, span, since, enqueue, more. Reply: the components of
 * {@link LockAnswer}.
 *
 * @param owner who asks
 * @param mode {@link LockMode#EXCLUSIVE}
 * @param queue {@link LockQueue#BARGING}
 * @param retentionMicros how long the token is remembered at least, 3 s to 366 days
 * @param spanMicros how long the lock is held without a renewal, 1 ms to 366 days
 * @param since since when the node waits, as it was last told; keeps its place if that was lost; 0 = it has none
 * @param enqueue whether to get in line if the lock is held
 * @param more whether further callers of the node wait: with the grant it goes to the tail, instead of leaving the line
 * @param subject the {@linkplain StoreKey#fingerprint fingerprint} of the key that it is applied to, for {@link #undo}; not
 *     an argument
 */
public record LockAcquire(
        LockOwner owner,
        LockMode mode,
        LockQueue queue,
        long retentionMicros,
        long spanMicros,
        long since,
        boolean enqueue,
        boolean more,
        long subject)
        implements Operation<LockAnswer> {

    public LockAcquire {
        LockArguments.require(owner, mode, queue, retentionMicros);
        LockArguments.requireWithin("Span of a hold", spanMicros, LockArguments.SHORTEST_SPAN_MICROS);
        LockArguments.requireSubject(subject);
        if (since < 0 || !Exact.is(since)) {
            throw new IllegalArgumentException(
                    "Begin of waiting '" + since + "' is no time of a store; use what the last answer said, or 0");
        }
    }

    @Override
    public String name() {
        return "lock.acquire";
    }

    @Override
    public long[] arguments() {
        return LockArguments.of(owner, mode, queue, retentionMicros, spanMicros, since, enqueue ? 1 : 0, more ? 1 : 0);
    }

    @Override
    public Transition<LockAnswer> apply(@Nullable Value current, long nowMicros) {
        LockState state = LockState.read(current, nowMicros);
        WaitLine line = state.line();
        boolean granted = true;
        if (state.isFree()) {
            state.grant(owner, mode, spanMicros);
        } else {
            granted = state.extend(owner, spanMicros);
        }
        if (granted) {
            line.leave(owner.node());
            if (more) {
                line.stand(owner.node(), mode, 0);
            }
        } else if (enqueue) {
            line.stand(owner.node(), mode, since);
        }
        return new Transition<>(
                state.effect(retentionMicros),
                granted,
                new LockAnswer(
                        granted,
                        state.token(),
                        state.remaining(owner),
                        line.sinceOf(owner.node()),
                        line.positionOf(owner.node())));
    }

    @Override
    public LockAnswer decode(long[] reply) {
        return new LockAnswer(reply[0] != 0, reply[1], reply[2], reply[3], reply[4]);
    }

    /** Frees the lock and wakes the next. */
    @Override
    public LockRelease undo(LockAnswer granted) {
        return new LockRelease(owner, mode, queue, retentionMicros, 0, LockPlace.LEAVE, false, subject);
    }
}
