package io.github.stanchion.testkit;

import io.github.stanchion.store.Operation;

/**
 * The operations that meet in one key's state: those of one policy, with costs, amounts and settlements drawn at random.
 *
 * <p>Made anew for each walk, from a random policy. Not thread-safe.
 */
public interface OperationFamily {

    /** The next operation of the walk. */
    Operation<?> next();

    /** Hears what the operation that was drawn last answered, so that a settlement can follow its charge. */
    default void answered(Operation<?> operation, Object result) {}
}
