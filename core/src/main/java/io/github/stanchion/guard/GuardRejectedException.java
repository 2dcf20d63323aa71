package io.github.stanchion.guard;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A guard refused the call; the guarded method did not run.
 *
 * <p>An outcome, not an error: it has no stack trace, and it names the policy, never the key.
 */
public abstract class GuardRejectedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String name;
    private final @Nullable Duration retryAfter;

    /**
     * @param kind the kind of guard, as in {@code rate-limit}
     * @param name the policy's name
     * @param retryAfter until when trying again is pointless; null if waiting does not help
     */
    protected GuardRejectedException(
            @Nullable String message, String kind, String name, @Nullable Duration retryAfter) {
        this(message, kind, name, retryAfter, null);
    }

    /**
     * A rejection that something else led to.
     *
     * @param message null if {@link #getMessage} is overridden
     */
    protected GuardRejectedException(
            @Nullable String message,
            String kind,
            String name,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
        this.name = name;
        this.retryAfter = retryAfter;
    }

    /** The kind of guard that refused, as in {@code rate-limit}. */
    public final String kind() {
        return kind;
    }

    /** The name of the policy that refused. */
    public final String name() {
        return name;
    }

    /** How long trying again is pointless; empty if waiting does not help. */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
