package io.github.stanchion.spring.key;

import io.github.stanchion.guard.GuardedCall;
import org.jspecify.annotations.Nullable;

/**
 * A variable that expressions may use beside the parameters of the guarded method; a bean of this type adds one.
 *
 * <p>Thread-safe. A parameter of the same name hides it.
 */
public interface CallVariable {

    /** The name without {@code #}, as in {@code ip}. */
    String name();

    /** The value for this call; null if it has none, as outside a request. Read only by expressions that name it. */
    @Nullable
    Object value(GuardedCall call);
}
