package io.github.stanchion.guard;

import org.jspecify.annotations.Nullable;

/**
 * Knows where a call comes from, by the thread that makes it.
 *
 * <p>Adapters ask it for calls whose result comes later, as other threads may then decide: what it says is the call's
 * {@link GuardedCall#context()}.
 */
@FunctionalInterface
public interface CallOrigin {

    /** Knows nothing. */
    CallOrigin UNKNOWN = () -> null;

    /** Such as a request; null if this thread serves none. */
    @Nullable
    Object current();
}
