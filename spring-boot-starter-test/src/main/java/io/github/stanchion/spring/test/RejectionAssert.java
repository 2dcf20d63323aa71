package io.github.stanchion.spring.test;

import java.time.Duration;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Whether a guard has refused a call, and what it said. */
public final class RejectionAssert extends AbstractAssert<RejectionAssert, @Nullable Object> {

    private final Refusal refusal;

    RejectionAssert(@Nullable Object actual, Refusal refusal) {
        super(actual, RejectionAssert.class);
        this.refusal = refusal;
    }

    /** The guard of this name has refused the call, alone or with others. */
    public RejectionAssert isRejectedBy(String name) {
        if (!refusal.guards().contains(name)) {
            throw failure(
                    "Expected a rejection by guard '%s', but %s",
                    name,
                    refusal.guards().isEmpty()
                            ? "there is none: " + refusal.text()
                            : "it is by " + refusal.guards() + ": " + refusal.text());
        }
        return this;
    }

    /**
     * The caller is told to try again after so long; over HTTP, which counts in seconds, that is rounded up to a second at
     * least.
     */
    public RejectionAssert hasRetryAfter(Duration time) {
        Duration expected = refusal.wholeSeconds() ? wholeSeconds(time) : time;
        if (!expected.equals(refusal.retryAfter())) {
            throw failureWithActualExpected(
                    refusal.retryAfter(),
                    expected,
                    "Expected to be told to try again after '%s', but it is '%s': %s",
                    expected,
                    refusal.retryAfter(),
                    refusal.text());
        }
        return this;
    }

    private static Duration wholeSeconds(Duration time) {
        long seconds = time.getSeconds() + (time.getNano() > 0 ? 1 : 0);
        return Duration.ofSeconds(Math.max(1, seconds));
    }
}
