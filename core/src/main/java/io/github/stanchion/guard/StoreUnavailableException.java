package io.github.stanchion.guard;

import io.github.stanchion.store.StoreException;
import java.time.Duration;

/**
 * A guard could not decide, as its store could not, and its policy says to refuse then; the guarded method did not run.
 *
 * <p>The cause is the {@link StoreException}.
 */
public final class StoreUnavailableException extends GuardRejectedException {

    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;

    public StoreUnavailableException(String kind, String name, StoreException cause) {
        super(
                "Call rejected by " + kind + " '" + name + "': its store is not available",
                kind,
                name,
                Duration.ofSeconds(1),
                cause);
        this.outcomeUnknown = cause.outcomeUnknown();
    }

    /** Whether the store may have applied the decision all the same. */
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
