package io.github.stanchion.lock;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a lock, and changes nothing.
 *
 * <p>Arguments: node, sequence. Reply: the components of {@link LockReport}, the mode as its number.
 *
 * @param owner who wants to know whether it holds the lock; {@link LockOwner#NOBODY} if that does not matter
 */
public record LockInspect(LockOwner owner) implements Operation<LockReport> {

    @Override
    public String name() {
        return "lock.inspect";
    }

    @Override
    public long[] arguments() {
        return new long[] {owner.node(), owner.sequence()};
    }

    @Override
    public Transition<LockReport> apply(@Nullable Value current, long nowMicros) {
        LockState state = LockState.read(current, nowMicros);
        LockHold hold = state.holdOf(owner);
        return new Transition<>(
                Effect.keep(),
                true,
                new LockReport(
                        hold != null && hold.isOf(owner),
                        state.mode(),
                        state.token(),
                        state.remaining(owner),
                        hold == null ? 0 : hold.node(),
                        state.line().size()));
    }

    @Override
    public LockReport decode(long[] reply) {
        LockMode mode = LockMode.of(reply[1]);
        if (mode == null) {
            throw new IllegalStateException("Lock mode '" + reply[1] + "' of a reply is none");
        }
        return new LockReport(reply[0] != 0, mode, reply[2], reply[3], reply[4], reply[5]);
    }
}
