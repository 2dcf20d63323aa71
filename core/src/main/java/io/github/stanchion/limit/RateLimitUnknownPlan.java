package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardEvent;

/** A call's plan was null or is none of the policy's; the policy's own limit held. */
public record RateLimitUnknownPlan(String name) implements GuardEvent {

    @Override
    public String kind() {
        return RateLimitGuard.KIND;
    }
}
