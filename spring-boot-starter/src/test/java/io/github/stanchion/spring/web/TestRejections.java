package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.testkit.VirtualClock;
import java.time.Duration;
import java.util.Map;

/** Refusals as guards make them. */
final class TestRejections {

    private TestRejections() {}

    /** Of the limit 'search', 2 per minute. */
    static RateLimitExceededException rateLimit(Duration retryAfter) {
        VirtualClock clock = new VirtualClock();
        RateLimitPolicies policies = RateLimitPolicies.of(
                Map.of("search", RateLimitSettings.builder().limit("2/1m").build()));
        try (MemoryStore store = MemoryStore.builder().clock(clock).build()) {
            RateLimiters limiters = RateLimiters.builder(policies, store).build();
            limiters.tryAcquire("search", "somebody", 2);
            clock.advance(Duration.ofSeconds(30).minus(retryAfter));
            return catchThrowableOfType(
                    RateLimitExceededException.class, () -> limiters.acquire("search", "somebody", 1));
        }
    }
}
