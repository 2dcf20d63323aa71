package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/**
 * One decision as a pure function from a key's value and the store's time to an effect and a result.
 *
 * <p>Implemented by records alone. {@link #apply} reads no clock, draws no random number and does no I/O; a store may run it
 * more than once for one call, and discards all outcomes but the last. A backend may run a <em>twin</em> instead, a native
 * form found by {@link #name()} and fed with {@link #arguments()} and {@link #payload()}; it must agree with {@code apply}
 * in effect, next value, time to collection, reply and signals.
 *
 * <p>All numbers that travel (cells, arguments, replies) lie within {@link Exact#MAX} of zero, so that they are exact where
 * numbers are doubles; a record's constructor refuses what cannot be.
 *
 * @param <R> what the caller learns; immutable, never null
 */
public interface Operation<R> {

    /** Finds the twin: lower case, words joined by hyphens, one dot, as in {@code counter.increment}. */
    String name();

    /** All that {@link #apply} needs but value, time and payload: at most 200 numbers, a fresh or never modified array. */
    long[] arguments();

    /**
     * Decides; pure and total.
     *
     * @param current the key's value, null where there is none; a value past its own end is for the operation to judge
     * @param nowMicros the store's time, microseconds since 1970
     * @throws StoreException if the value cannot be read as this operation's state; nothing is written then
     */
    Transition<R> apply(@Nullable Value current, long nowMicros);

    /** Reads the numbers that a twin replies with; the layout is stated by each operation. */
    R decode(long[] reply);

    /** Reads a twin's reply that came with bytes; operations whose result has bytes override this one. */
    default R decode(long[] reply, byte @Nullable [] bytes) {
        return decode(reply);
    }

    /** Bytes that travel beside the arguments; null for all operations but those that store a payload. */
    default byte @Nullable [] payload() {
        return null;
    }

    /**
     * The operation that takes back what {@code admitted} charged, or null if that is impossible.
     *
     * <p>It never grants more than was taken and touches only the state that it charged. It is sent at most once, and never
     * for a step whose outcome is unknown.
     */
    default @Nullable Operation<?> undo(R admitted) {
        return null;
    }

    /** Whether two subjects may share one state, which then only makes decisions stricter; used by bounded stores. */
    default boolean shareable() {
        return false;
    }

    /** Whether the call is sent even while the store counts as unavailable, as the renewal of a lease is. */
    default boolean vital() {
        return false;
    }
}
