package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardEvent;

/**
 * A policy's store is back: it has answered a call, and has failed none for five seconds. While one of several servers is away
 * and others answer, the policy stays degraded.
 */
public record RateLimitRecovered(String name) implements GuardEvent {

    @Override
    public String kind() {
        return RateLimitGuard.KIND;
    }
}
