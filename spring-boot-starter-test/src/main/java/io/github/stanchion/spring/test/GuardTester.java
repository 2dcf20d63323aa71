package io.github.stanchion.spring.test;

import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.limit.RateLimitPolicy;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.limit.RateOutcome;
import io.github.stanchion.lock.Lease;
import org.jspecify.annotations.Nullable;

/**
 * Brings guards into the state that a test is about, and tells what state they are in. Thread-safe.
 *
 * <p>Keys are those of the facades: a text, number or whatever the guard's key expression comes to, or a list of several. The
 * subject of an annotated method without a key is the method, as in {@code "com.example.Quotes#quote(java.lang.String)"}.
 */
public final class GuardTester {

    private final RateLimiters limiters;
    private final OtherNode other;

    GuardTester(RateLimiters limiters, OtherNode other) {
        this.limiters = limiters;
        this.other = other;
    }

    /**
     * Takes all permits that a subject has now, so that its next call is refused.
     *
     * @throws IllegalArgumentException if there is no such limit
     * @throws IllegalStateException if it does not count this subject, as it is off or lets it through
     */
    public void exhaust(String name, @Nullable Object key) {
        exhaust(limiters.policies().get(name), key);
    }

    /** As {@link #exhaust(String, Object)}, by a policy; {@link RateLimitPolicy#plan} gives that of a plan. */
    public void exhaust(RateLimitPolicy policy, @Nullable Object key) {
        if (policy.mode() == GuardMode.OFF) {
            throw new IllegalStateException(
                    "Rate limit '" + policy.name() + "' is switched off, so there is nothing to exhaust");
        }
        long remaining = limiters.peek(policy, key).remaining();
        RateOutcome outcome = RateOutcome.ADMITTED;
        // The store does not know of permits that this process has charged ahead.
        while (outcome != RateOutcome.REJECTED && (remaining > 0 || limiters.leased(policy.name()) > 0)) {
            outcome = limiters.tryAcquire(policy, key, Math.max(1, remaining)).outcome();
            if (outcome != RateOutcome.ADMITTED && outcome != RateOutcome.REJECTED) {
                throw new IllegalStateException(
                        "Rate limit '" + policy.name() + "' does not count this subject, which is " + outcome);
            }
            remaining = limiters.peek(policy, key).remaining();
        }
    }

    /**
     * Takes a lock as another process would, and keeps it until the lease is closed, or the test ends.
     *
     * @throws IllegalStateException if it is held already, or off
     */
    public Lease holdLock(String name, Object... key) {
        return other.hold(name, key);
    }

    /** Begins assertions about one subject of a rate limit; {@link RateLimitAssert#forKey} says which. */
    public RateLimitAssert assertThatRateLimit(String name) {
        return assertThatRateLimit(limiters.policies().get(name));
    }

    /** As {@link #assertThatRateLimit(String)}, by a policy. */
    public RateLimitAssert assertThatRateLimit(RateLimitPolicy policy) {
        return new RateLimitAssert(limiters, policy);
    }
}
