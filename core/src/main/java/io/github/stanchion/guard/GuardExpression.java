package io.github.stanchion.guard;

import org.jspecify.annotations.Nullable;

/** A compiled expression over one call; thread-safe. */
@FunctionalInterface
public interface GuardExpression {

    /**
     * The value for this call.
     *
     * @param end how the call ended, for expressions that are evaluated after it; null before and while it runs
     * @return what the expression comes to, null included
     * @throws RuntimeException whatever the expression throws
     */
    @Nullable
    Object evaluate(GuardedCall call, @Nullable CallEnd end);

    /**
     * The end of a call as expressions see it.
     *
     * @param result {@code #result}, null if there is none
     * @param error {@code #error}, null if the call returned normally
     * @param status {@code #status}, the HTTP status that the result or error stands for
     * @param reserved {@code #reserved}, what was charged before the call
     */
    record CallEnd(@Nullable Object result, @Nullable Throwable error, int status, long reserved) {}
}
