package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardedMethod;
import org.jspecify.annotations.Nullable;

/** Tells the HTTP status that the end of a call stands for; thread-safe. */
@FunctionalInterface
public interface StatusResolver {

    /**
     * The status, 100 to 599.
     *
     * @param method null for calls of no annotated method
     * @param result what the call returned; null if nothing, or if it failed
     * @param error how it failed, null if it returned
     */
    int status(@Nullable GuardedMethod method, @Nullable Object result, @Nullable Throwable error);

    /** 200 for what returned, 500 for what failed. */
    static StatusResolver plain() {
        return (method, result, error) -> error == null ? 200 : 500;
    }
}
