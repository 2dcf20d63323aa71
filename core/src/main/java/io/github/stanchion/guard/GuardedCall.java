package io.github.stanchion.guard;

import org.jspecify.annotations.Nullable;

/** One call of a guarded method, as an adapter (proxy interceptor, aspect) hands it over. */
public interface GuardedCall {

    GuardedMethod method();

    /** The object called, null for static methods. */
    @Nullable
    Object target();

    /**
     * The arguments as they are at this moment, with the continuation of a suspending function last; not copied, must not be
     * modified.
     */
    @Nullable
    Object[] arguments();

    /**
     * What the adapter knows of where the call comes from, such as a request, for expressions and listeners that
     * understand it; null if it knows nothing, or where the calling thread tells.
     */
    default @Nullable Object context() {
        return null;
    }

    /**
     * Runs what is guarded: the next adapter, in the end the method.
     *
     * @throws Throwable whatever it throws, unwrapped
     */
    @Nullable
    Object proceed() throws Throwable;
}
