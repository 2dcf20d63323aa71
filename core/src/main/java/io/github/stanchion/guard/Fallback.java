package io.github.stanchion.guard;

import org.jspecify.annotations.Nullable;

/** Answers a call in place of the guarded method; thread-safe. */
@FunctionalInterface
public interface Fallback {

    /**
     * The answer, of the guarded method's return type.
     *
     * @throws Throwable whatever the fallback throws; it reaches the caller
     */
    @Nullable
    Object answer(GuardedCall call, Throwable failure) throws Throwable;

    /**
     * Whether the answer is what the method comes to rather than what it returns, where these differ: the value of its stage or
     * publisher, null for an empty one.
     */
    default boolean answersValue() {
        return false;
    }
}
