package io.github.stanchion.spring.test;

import io.github.stanchion.limit.RateLimitPolicy;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateLimiters;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** What one subject of a rate limit has left. Each assertion asks the store, and charges nothing. */
public final class RateLimitAssert extends AbstractAssert<RateLimitAssert, RateLimitPolicy> {

    private final RateLimiters limiters;
    private @Nullable Object key = List.of();

    RateLimitAssert(RateLimiters limiters, RateLimitPolicy policy) {
        super(policy, RateLimitAssert.class);
        this.limiters = limiters;
        as("rate limit '%s'", policy.name());
    }

    /** Whose permits these are; at first those of the one subject of facades that has no key. */
    public RateLimitAssert forKey(@Nullable Object subject) {
        key = subject;
        return this;
    }

    /** So many permits can be taken now. */
    public RateLimitAssert hasRemaining(long permits) {
        long remaining = peek().remaining();
        if (remaining != permits) {
            throw failureWithActualExpected(
                    remaining, permits, "Expected '%d' permits to remain, but there are '%d'", permits, remaining);
        }
        return this;
    }

    /** No permit can be taken now. */
    public RateLimitAssert isExhausted() {
        return hasRemaining(0);
    }

    /** One permit can be taken after so long, not before; zero if it can be now. */
    public RateLimitAssert hasNextPermitAfter(Duration time) {
        Duration wait = peek().nextPermitAfter();
        if (!wait.equals(time)) {
            throw failureWithActualExpected(
                    wait, time, "Expected the next permit after '%s', but it comes after '%s'", time, wait);
        }
        return this;
    }

    private RateLimitVerdict peek() {
        return limiters.peek(actual, key);
    }
}
