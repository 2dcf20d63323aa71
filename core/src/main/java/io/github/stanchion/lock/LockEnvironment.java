package io.github.stanchion.lock;

import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.SessionDriver;
import io.github.stanchion.store.AtomicStore;
import java.util.concurrent.Executor;
import java.util.function.LongUnaryOperator;

/**
 * What all locks of an application work with.
 *
 * @param store decides
 * @param local decides while the store is away: this process's memory, possibly the same
 * @param background runs what may block and what is not ours, apart from the threads of leases and stores
 * @param random a number from 0 to below its argument, for pauses
 */
record LockEnvironment(
        AtomicStore store,
        AtomicStore local,
        GuardListeners listeners,
        LeaseClock clock,
        LeaseKeeper keeper,
        LockOwners owners,
        LockLines lines,
        WakeUps wakeUps,
        OwedReleases owed,
        LockOutages outages,
        Flights flights,
        SessionDriver driver,
        Executor background,
        Transactions transactions,
        LeaseScopes scopes,
        LongUnaryOperator random) {}
