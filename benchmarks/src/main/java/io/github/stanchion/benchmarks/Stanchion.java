package io.github.stanchion.benchmarks;

import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.store.AtomicStore;
import java.util.Map;

/** Stanchion without Spring. */
final class Stanchion {

    private Stanchion() {}

    /** The facade, with one limit by the name {@code one}. */
    static RateLimiters limiters(AtomicStore store, String limit) {
        RateLimitSettings settings =
                RateLimitSettings.builder().limit(limit).key("#key").build();
        return RateLimiters.builder(RateLimitPolicies.of(Map.of("one", settings)), store)
                .build();
    }
}
