package io.github.stanchion.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

    /**
     * The steps of a joint decision, copied, if a store can decide them: for stores, before any I/O.
     *
     * @throws IllegalArgumentException if there are none, more than {@link AtomicStore#MOST_STEPS}, or two on one key
     */
    public static List<KeyedOperation<?>> requireJoint(List<KeyedOperation<?>> steps) {
        if (steps.isEmpty() || steps.size() > AtomicStore.MOST_STEPS) {
            throw new IllegalArgumentException(
                    "Number of joint steps '" + steps.size() + "' is out of range; use 1 to " + AtomicStore.MOST_STEPS);
        }
        Set<StoreKey> keys = new HashSet<>();
        for (KeyedOperation<?> step : steps) {
            if (!keys.add(step.key())) {
                throw new IllegalArgumentException("Key in '" + step.key().space()
                        + "' is charged twice in one joint decision; join its steps into one");
            }
        }
        return List.copyOf(steps);
    }
}
