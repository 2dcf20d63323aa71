package io.github.stanchion.store;

/**
 * One step of a joint decision or of a batch.
 *
 * @param advisory whether the step refuses nobody in a joint decision and is charged only if all others admit, as a limit
 *     in shadow mode; without meaning in {@code executeEach}
 */
public record KeyedOperation<R>(StoreKey key, Operation<R> operation, boolean advisory) {

    /** A step that takes part in the decision. */
    public KeyedOperation(StoreKey key, Operation<R> operation) {
        this(key, operation, false);
    }
}
