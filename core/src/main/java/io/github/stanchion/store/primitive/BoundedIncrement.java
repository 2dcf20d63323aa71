package io.github.stanchion.store.primitive;

import java.util.Objects;

/**
 * One of several increments that are applied together or not at all.
 *
 * @param key names the counter within its namespace
 * @param delta what is added; negative takes away
 * @param max the greatest count; a step above it refuses all
 * @param ttl when the counter ends
 */
public record BoundedIncrement(String key, long delta, long max, Ttl ttl) {

    public BoundedIncrement {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(ttl, "ttl");
        if (delta != 0) {
            ttl.requireCreating();
        }
    }
}
