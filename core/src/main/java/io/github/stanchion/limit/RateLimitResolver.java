package io.github.stanchion.limit;

import java.util.List;

/** Chooses the limit of a call in code: plans that a database knows, say. Thread-safe; must not block. */
@FunctionalInterface
public interface RateLimitResolver {

    /**
     * The policy that decides about this call.
     *
     * @param name the policy's name
     * @param key what names the subject, empty if the policy has one
     * @param base the policy as settings and plan expression have it
     * @return {@code base}, one of its plans, or {@link RateLimitPolicy#withLimit another limit} of it: keep and reuse those,
     *     as they are costly to make
     */
    RateLimitPolicy resolve(String name, List<String> key, RateLimitPolicy base);

    /** Leaves every policy as it is. */
    RateLimitResolver NONE = (name, key, base) -> base;
}
