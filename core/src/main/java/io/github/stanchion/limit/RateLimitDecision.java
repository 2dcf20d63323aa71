package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One rate limit has decided about one call; of a joint decision that is refused, only the limits that refuse say so.
 *
 * @param verdict outcome, source, permits, waiting and figures for headers
 * @param key whose permits they are, null where none were counted; names a person or an address, so show only hashes of it
 * @param call the call, null if it came through the facade
 */
public record RateLimitDecision(RateLimitVerdict verdict, @Nullable StoreKey key, @Nullable GuardedCall call)
        implements GuardEvent {

    @Override
    public String kind() {
        return RateLimitGuard.KIND;
    }

    @Override
    public String name() {
        return verdict.name();
    }

    public RateOutcome outcome() {
        return verdict.outcome();
    }

    @Override
    public @Nullable Supplier<String> rejection() {
        return outcome().isAdmitted() ? null : this::why;
    }

    private String why() {
        return verdict.storeFailed()
                ? "Call rejected by rate limit '" + name() + "': its store is not available"
                : new RateLimitExceededException(List.of(verdict)).getMessage();
    }
}
