package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardEvent;

/**
 * The permits of an admitted call were corrected, or should have been.
 *
 * @param permits how many; 0 if it is unknown, as when the expression for the real cost failed
 */
public record RateLimitSettled(String name, Outcome outcome, long permits) implements GuardEvent {

    @Override
    public String kind() {
        return RateLimitGuard.KIND;
    }

    /** What became of the difference. */
    public enum Outcome {

        /** Permits were given back. */
        REFUNDED,

        /** More permits were charged. */
        CHARGED,

        /** Permits were not charged, being deeper than the deepest debt; told to listeners that hear no calls, too. */
        FORGIVEN,

        /** The store could not be told, or the real cost could not be found out: what was reserved stays charged. */
        LOST
    }
}
