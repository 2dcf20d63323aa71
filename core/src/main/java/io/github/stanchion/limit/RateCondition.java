package io.github.stanchion.limit;

import org.jspecify.annotations.Nullable;

/** Reads what conditions come to: true or false. */
final class RateCondition {

    private RateCondition() {}

    /**
     * Whether the condition holds.
     *
     * @param what names the expression for the message
     * @throws IllegalArgumentException if the value is no boolean
     */
    static boolean holds(@Nullable Object value, String what, String name) {
        if (value instanceof Boolean holds) {
            return holds;
        }
        throw new IllegalArgumentException(
                what + " '" + (value == null ? "null" : value.getClass().getName()) + "' of rate limit '" + name
                        + "' is neither true nor false; make the expression return a boolean");
    }
}
