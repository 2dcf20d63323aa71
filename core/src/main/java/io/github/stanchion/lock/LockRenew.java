package io.github.stanchion.lock;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Puts the end of a hold further ahead, never nearer; does nothing for who does not hold.
 *
 * <p>Sent even while the store counts as unavailable.
 *
 * <p>Arguments: node, sequence, mode, queue, retention, span. Reply: the components of {@link LockRenewal}.
 *
 * @param owner whose hold it is
 * @param mode {@link LockMode#EXCLUSIVE}
 * @param queue {@link LockQueue#BARGING}
 * @param retentionMicros how long the token is remembered at least, 3 s to 366 days
 * @param spanMicros how long the lock is held from now on without another renewal, 1 ms to 366 days
 */
public record LockRenew(LockOwner owner, LockMode mode, LockQueue queue, long retentionMicros, long spanMicros)
        implements Operation<LockRenewal> {

    public LockRenew {
        LockArguments.require(owner, mode, queue, retentionMicros);
        LockArguments.requireWithin("Span of a hold", spanMicros, LockArguments.SHORTEST_SPAN_MICROS);
    }

    @Override
    public String name() {
        return "lock.renew";
    }

    @Override
    public long[] arguments() {
        return LockArguments.of(owner, mode, queue, retentionMicros, spanMicros);
    }

    @Override
    public Transition<LockRenewal> apply(@Nullable Value current, long nowMicros) {
        LockState state = LockState.read(current, nowMicros);
        boolean held = state.extend(owner, spanMicros);
        return new Transition<>(
                held ? state.effect(retentionMicros) : Effect.keep(), held, new LockRenewal(held, state.token()));
    }

    @Override
    public LockRenewal decode(long[] reply) {
        return new LockRenewal(reply[0] != 0, reply[1]);
    }

    @Override
    public boolean vital() {
        return true;
    }
}
