package io.github.stanchion.lock;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a lock away from whoever holds it, and tells the first in line: for people who know that its holder hangs.
 *
 * <p>The next holder has a greater token all the same. Whoever held the lock learns of it at its next renewal.
 *
 * <p>Arguments: node, token, retention, subject. Reply: the components of {@link LockReleased}. Its signal is that of
 * {@link LockRelease}.
 *
 * @param node who does it, whose own place in line is known from the reply rather than from a signal
 * @param token the grant that is to end; 0 for whichever it is
 * @param retentionMicros how long the token is remembered at least, 3 s to 366 days
 * @param subject the {@linkplain io.github.stanchion.store.StoreKey#fingerprint fingerprint} of the key that it is applied to
 */
public record LockBreak(long node, long token, long retentionMicros, long subject) implements Operation<LockReleased> {

    public LockBreak {
        if (node < 1 || !Exact.is(node)) {
            throw new IllegalArgumentException("Node '" + node + "' is none; use 1 to " + Exact.MAX);
        }
        if (token < 0 || !Exact.is(token)) {
            throw new IllegalArgumentException("Token '" + token + "' is none; use the holder's, or 0");
        }
        LockArguments.requireWithin("Retention", retentionMicros, LockArguments.SHORTEST_RETENTION_MICROS);
        LockArguments.requireSubject(subject);
    }

    @Override
    public String name() {
        return "lock.break";
    }

    @Override
    public long[] arguments() {
        return new long[] {node, token, retentionMicros, subject};
    }

    @Override
    public Transition<LockReleased> apply(@Nullable Value current, long nowMicros) {
        LockState state = LockState.read(current, nowMicros);
        if (state.isFree() || token != 0 && token != state.token()) {
            return new Transition<>(Effect.keep(), true, new LockReleased(false, 0, false, state.token()));
        }
        state.endAll();
        List<Long> woken = state.line().pop(false);
        boolean self = woken.contains(node);
        List<Signal> signals =
                self || woken.isEmpty() ? List.of() : List.of(LockRelease.signal(woken.get(0), false, subject));
        return new Transition<>(
                state.effect(retentionMicros),
                true,
                new LockReleased(true, signals.size(), self, state.token()),
                signals);
    }

    @Override
    public LockReleased decode(long[] reply) {
        return LockRelease.decoded(reply);
    }
}
