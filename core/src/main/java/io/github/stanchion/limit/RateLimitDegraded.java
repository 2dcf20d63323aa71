package io.github.stanchion.limit;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.store.StoreException;

/**
 * A policy's store has failed; told once until {@link RateLimitRecovered}.
 *
 * @param answer what the policy does meanwhile
 */
public record RateLimitDegraded(String name, FailurePolicy answer, StoreException cause) implements GuardEvent {

    @Override
    public String kind() {
        return RateLimitGuard.KIND;
    }
}
