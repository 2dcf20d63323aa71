package io.github.stanchion.guard;

import io.github.stanchion.store.Capability;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One kind of protection around the calls of one method; made once per method by a {@link GuardBinder}.
 *
 * <p>Thread-safe: calls open their sessions concurrently.
 */
public interface Guard {

    /** The kind, as in {@code rate-limit}; one word of the configured order of guards. */
    String kind();

    /** What a store must be relied on for; where it cannot, the application does not start. */
    default Set<Capability> needs() {
        return Set.of();
    }

    /**
     * Begins to guard one call; does no I/O.
     *
     * @throws IllegalArgumentException if what the call brings cannot be used (a key, a cost); nothing is charged then
     */
    GuardSession open(GuardedCall call);

    /**
     * What to do instead when {@code failure} would reach the caller, null to let it.
     *
     * <p>Asked after the session has ended, of the innermost guard first, for rejections and for failures of the method; not
     * for {@link Move.Fail}. It runs once all guards have been left, and they see the failure, not what it answers.
     */
    default @Nullable Fallback fallbackFor(Throwable failure) {
        return null;
    }
}
