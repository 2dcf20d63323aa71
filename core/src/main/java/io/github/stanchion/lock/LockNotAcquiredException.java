package io.github.stanchion.lock;

import io.github.stanchion.guard.GuardRejectedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A lock was not to be had; what it guards did not run. */
public final class LockNotAcquiredException extends GuardRejectedException {

    private static final long serialVersionUID = 1L;

    private final Duration waited;
    private final LockRefusal reason;

    LockNotAcquiredException(
            String name, Duration waited, LockRefusal reason, Duration retryAfter, @Nullable Throwable cause) {
        super(
                "Call rejected by lock '" + name + "' after " + waited.toMillis() + " ms: " + reason.text(),
                LockGuard.KIND,
                name,
                retryAfter,
                cause);
        this.waited = waited;
        this.reason = reason;
    }

    /** How long the call has waited, as in {@code PT3.001S}. */
    public Duration waited() {
        return waited;
    }

    public LockRefusal reason() {
        return reason;
    }
}
