package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardEvent;

/**
 * A call's key was null.
 *
 * @param answer what the policy does about it
 */
public record RateLimitMissingKey(String name, MissingKey answer) implements GuardEvent {

    @Override
    public String kind() {
        return RateLimitGuard.KIND;
    }
}
