package io.github.stanchion.lock;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.store.StoreException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What locks tell listeners. */
public sealed interface LockEvent extends GuardEvent {

    @Override
    default String kind() {
        return LockGuard.KIND;
    }

    /**
     * One call has its lock, or has not.
     *
     * @param waited from the call to the decision
     */
    record Decided(String name, LockOutcome outcome, Duration waited) implements LockEvent {

        @Override
        public @Nullable Supplier<String> rejection() {
            return switch (outcome) {
                case REFUSED -> () -> "Call rejected by lock '" + name + "' after " + waited.toMillis() + " ms";
                case STORE_FAILED -> () -> "Call rejected by lock '" + name + "': its store is not available";
                default -> null;
            };
        }
    }

    /**
     * A lock that was held is free again, or left to run out.
     *
     * @param held how long it was held
     */
    record Released(String name, Duration held) implements LockEvent {}

    /**
     * A lock was lost while it was held.
     *
     * @param age how long it had been held
     */
    record Lost(String name, LeaseLoss reason, Duration age) implements LockEvent {}

    /** A lock has not been renewed for two thirds of its lease. */
    record Suspect(String name, LeaseDoubt change) implements LockEvent {}

    /** A lock is kept beyond its method, until a transaction is over that had begun before it was taken. */
    record Deferred(String name) implements LockEvent {}

    /** A lost lock has kept a transaction from being committed. */
    record Vetoed(String name) implements LockEvent {}

    /** One renewal of a lease has ended. */
    record Renewed(String name, RenewalOutcome outcome) implements LockEvent {}

    /**
     * A lock has been held for long, and goes on to be renewed.
     *
     * @param age how long it has been held
     */
    record LongHold(String name, Duration age) implements LockEvent {}

    /**
     * A lock's store has failed; told once until it is back.
     *
     * @param answer what the policy does meanwhile
     */
    record Degraded(String name, FailurePolicy answer, StoreException cause) implements LockEvent {}

    /** A lock's store decides again. */
    record Recovered(String name) implements LockEvent {}

    /** Whether doubt about a lease has come or gone. */
    enum LeaseDoubt {

        /** It may run out. */
        BEGUN,

        /** It was renewed, lost or released. */
        OVER
    }

    /** How a renewal has ended. */
    enum RenewalOutcome {

        /** The lock is held on. */
        HELD,

        /** The store says that it is not. */
        LOST,

        /** The store did not answer. */
        FAILED
    }
}
