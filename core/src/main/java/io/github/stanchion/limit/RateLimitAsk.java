package io.github.stanchion.limit;

import org.jspecify.annotations.Nullable;

/**
 * One limit's part in a decision about several.
 *
 * @param policy decides; null to find it by {@code name}
 * @param name of the policy
 * @param key who is charged; a {@code List} names the subject by several parts
 * @param cost permits, 0 or more
 */
public record RateLimitAsk(@Nullable RateLimitPolicy policy, String name, @Nullable Object key, long cost) {

    public RateLimitAsk {
        if (cost < 0) {
            throw new IllegalArgumentException(
                    "Cost '" + cost + "' of rate limit '" + name + "' is negative; use 0 to charge nothing");
        }
    }

    /** Asks for one permit. */
    public static RateLimitAsk of(String name, @Nullable Object key) {
        return new RateLimitAsk(null, name, key, 1);
    }

    public static RateLimitAsk of(String name, @Nullable Object key, long cost) {
        return new RateLimitAsk(null, name, key, cost);
    }

    public static RateLimitAsk of(RateLimitPolicy policy, @Nullable Object key, long cost) {
        return new RateLimitAsk(policy, policy.name(), key, cost);
    }
}
