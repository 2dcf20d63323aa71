package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardEvent;

/** A policy's store has answered again after it had failed. */
public record RateLimitRecovered(String name) implements GuardEvent {

    @Override
    public String kind() {
        return RateLimitGuard.KIND;
    }
}
