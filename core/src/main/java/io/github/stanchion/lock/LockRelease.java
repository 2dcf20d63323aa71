package io.github.stanchion.lock;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a lock back, or gives up waiting for it, and tells the first in line if it is free then.
 *
 * <p>A hold that has to last for a while goes on as nobody's. Who does not hold, or not any more, frees nothing; its place in
 * line is seen to all the same, and the next is woken if the lock is free, so that a node that was woken and gives up passes
 * that on. Whoever is woken has left the line.
 *
 * <p>Sends the signal {@code wake-<node>} of kind {@code lock}, or {@code wake-all} where all are woken, with {@code subject}
 * as its one detail, to nobody but other nodes; whether its own was woken the reply says. Sent even while the store counts as
 * unavailable.
 *
 * <p>Arguments: node, sequence, mode, queue, retention, atLeast, place (0 leave, 1 keep, 2 join), all, subject. Reply: the
 * components of {@link LockReleased}.
 *
 * @param owner whose hold it is
 * @param mode {@link LockMode#EXCLUSIVE}
 * @param queue {@link LockQueue#BARGING}
 * @param retentionMicros how long the token is remembered at least, 3 s to 366 days
 * @param atLeastMicros how long the hold lasts at least, from its grant on, up to 366 days; 0 = it ends now
 * @param place what becomes of the node's own place in line
 * @param all whether all in line are woken rather than the first
 * @param subject the {@linkplain StoreKey#fingerprint fingerprint} of the key that it is applied to
 */
public record LockRelease(
        LockOwner owner,
        LockMode mode,
        LockQueue queue,
        long retentionMicros,
        long atLeastMicros,
        LockPlace place,
        boolean all,
        long subject)
        implements Operation<LockReleased> {

    /** The kind of the signals. */
    static final String KIND = "lock";

    /** The topic of signals to every node. */
    static final String WAKE_ALL = "wake-all";

    public LockRelease {
        LockArguments.require(owner, mode, queue, retentionMicros);
        LockArguments.requireWithin("Least time of a hold", atLeastMicros, 0);
        LockArguments.requireSubject(subject);
    }

    /** The topic of signals to this node. */
    static String wakeTopic(long node) {
        return "wake-" + node;
    }

    @Override
    public String name() {
        return "lock.release";
    }

    @Override
    public long[] arguments() {
        return LockArguments.of(
                owner, mode, queue, retentionMicros, atLeastMicros, place.number(), all ? 1 : 0, subject);
    }

    @Override
    public Transition<LockReleased> apply(@Nullable Value current, long nowMicros) {
        LockState state = LockState.read(current, nowMicros);
        WaitLine line = state.line();
        boolean released = state.end(owner, atLeastMicros);
        if (place == LockPlace.LEAVE) {
            line.leave(owner.node());
        }
        List<Long> woken = state.isFree() ? line.pop(all) : List.of();
        if (place == LockPlace.JOIN) {
            line.stand(owner.node(), mode, 0);
        }
        boolean self = woken.contains(owner.node());
        int others = self ? woken.size() - 1 : woken.size();
        return new Transition<>(
                state.effect(retentionMicros),
                true,
                new LockReleased(released, others, self, state.token()),
                others == 0 ? List.of() : List.of(signal(woken.get(0), all, subject)));
    }

    /** Tells the first, or all of those that were woken. */
    static Signal signal(long first, boolean all, long subject) {
        return new Signal(KIND, all ? WAKE_ALL : wakeTopic(first), List.of(subject));
    }

    @Override
    public LockReleased decode(long[] reply) {
        return decoded(reply);
    }

    static LockReleased decoded(long[] reply) {
        return new LockReleased(reply[0] != 0, reply[1], reply[2] != 0, reply[3]);
    }

    @Override
    public boolean vital() {
        return true;
    }
}
