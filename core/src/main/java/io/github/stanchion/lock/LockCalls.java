package io.github.stanchion.lock;

import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of one method are locked, by the settings of the moment. Immutable and thread-safe.
 *
 * @param policy null only before the method is bound
 * @param keys what a call locks
 * @param codec for results that are shared, null if none are
 * @param skip answers calls that are skipped, null if none are
 * @param fallback answers calls that are refused, null if nothing does
 */
record LockCalls(
        @Nullable LockPolicy policy,
        LockKeys keys,
        @Nullable ResultCodec codec,
        @Nullable Fallback skip,
        @Nullable Fallback fallback) {

    static final LockCalls NONE = new LockCalls(null, (policy, call) -> List.of(), null, null, null);

    LockSession open(LockEnvironment environment, GuardedCall call) {
        LockPolicy current = Objects.requireNonNull(policy);
        List<StoreKey> locked = keys.of(current, call);
        return codec == null
                ? new LockSession(environment, current, locked)
                : new FlightSession(environment, current, locked.get(0), codec);
    }

    /** What answers a call that did not run; failures of the method itself are none of the lock's business. */
    @Nullable
    Fallback answerTo(Throwable failure) {
        if (failure instanceof LockNotAcquiredException refused && isOwn(refused.name())) {
            boolean skipped = skip != null && refused.reason() != LockRefusal.INTERRUPTED;
            return skipped && fallback == null ? skip : fallback;
        }
        return failure instanceof StoreUnavailableException outage
                        && outage.kind().equals(LockGuard.KIND)
                        && isOwn(outage.name())
                        && Objects.requireNonNull(policy).answersOutage()
                ? fallback
                : null;
    }

    private boolean isOwn(String name) {
        return policy != null && policy.name().equals(name);
    }

    /** What a call locks: distinct keys in one order, none to lock nothing. */
    interface LockKeys {
        List<StoreKey> of(LockPolicy policy, GuardedCall call);
    }
}
