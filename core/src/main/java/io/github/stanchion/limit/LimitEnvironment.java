package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.store.AtomicStore;

/**
 * What all rate limits of an application work with.
 *
 * @param store decides
 * @param local decides while the store is away: this process's memory, possibly the same
 * @param denials remembers what the store has refused
 * @param leases holds permits that are charged ahead
 */
record LimitEnvironment(
        AtomicStore store,
        AtomicStore local,
        DenialCache denials,
        LeasePool leases,
        GuardListeners listeners,
        StatusResolver statuses,
        RateLimitResolver plans) {}
