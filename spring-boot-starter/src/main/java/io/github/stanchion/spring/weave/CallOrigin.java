package io.github.stanchion.spring.weave;

import io.github.stanchion.guard.GuardedCall;
import org.jspecify.annotations.Nullable;

/**
 * Knows where a call comes from, by the thread that makes it.
 *
 * <p>Asked for calls whose result comes later, as other threads may then decide: what it says is the call's
 * {@link GuardedCall#context()}.
 */
@FunctionalInterface
public interface CallOrigin {

    /** Such as a request; null if this thread serves none. */
    @Nullable
    Object current();
}
