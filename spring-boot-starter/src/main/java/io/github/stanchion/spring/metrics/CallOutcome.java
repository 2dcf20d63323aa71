package io.github.stanchion.spring.metrics;

import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.lock.LockOutcome;
import java.util.Locale;

/** How a guard of any kind decided about a call: what {@code stanchion.guard.calls} tells apart. */
public enum CallOutcome {

    /** The call went on. */
    ADMITTED,

    /** The call was refused. */
    REJECTED,

    /** The call went on, and would have been refused, were the policy not in shadow mode. */
    SHADOW_REJECTED,

    /** The guard had nothing to say: its condition is false, the key is missing, or the policy is off. */
    SKIPPED,

    /** The store could not be asked, and nobody decided in its place: the call went on uncounted, or failed. */
    STORE_FAILED;

    private final String tag = name().toLowerCase(Locale.ROOT);

    /** The value of the tag {@code outcome}. */
    public String tag() {
        return tag;
    }

    static CallOutcome of(LockOutcome outcome) {
        return switch (outcome) {
            case ACQUIRED, REENTERED, SHARED -> ADMITTED;
            case REFUSED, SKIPPED -> REJECTED;
            case SHADOW -> SHADOW_REJECTED;
            case STORE_FAILED, UNLOCKED -> STORE_FAILED;
        };
    }

    static CallOutcome of(RateLimitVerdict verdict) {
        if (verdict.storeFailed()) {
            return STORE_FAILED;
        }
        return switch (verdict.outcome()) {
            case ADMITTED, DELAYED, UNLIMITED -> ADMITTED;
            case REJECTED, NEVER, BLOCKED -> REJECTED;
            case SHADOW_REJECTED -> SHADOW_REJECTED;
            case SKIPPED -> SKIPPED;
        };
    }
}
