package io.github.stanchion.spring.store;

import org.jspecify.annotations.Nullable;

/** Takes the time of calls of a store. Thread-safe and quick; called on whatever thread a call ends on. */
public interface CallTimer {

    /** The time now, in nanoseconds from some fixed instant. */
    long now();

    /**
     * A call has ended.
     *
     * @param operation its name; {@code joint} for a decision over several keys, {@code batch} for independent steps
     * @param began what {@link #now} said before it
     * @param failure null if it was answered
     */
    void ended(String operation, long began, @Nullable Throwable failure);
}
