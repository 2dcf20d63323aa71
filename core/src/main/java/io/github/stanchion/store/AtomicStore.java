package io.github.stanchion.store;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Applies pure operations to keys, atomically, at its own time.
 *
 * <p>Thread-safe. Each call is one decision: nobody sees a state between the reading and the writing of a key. Synchronous
 * methods may block for I/O, each up to the store's command timeout; the {@code Async} forms never block a thread, and their
 * stages may complete on an I/O thread, where one must not block either. An asynchronous form reports every error through
 * its stage, save {@link IllegalArgumentException} for steps that could never be executed, which is thrown at once.
 *
 * <p>Trouble is a {@link StoreException}; {@link StoreException#outcomeUnknown()} tells whether the effect may have been
 * applied. No call is ever repeated by the store once it may have been applied.
 */
public interface AtomicStore extends AutoCloseable {

    /** The largest number of steps in one joint decision. */
    int MOST_STEPS = 32;

    /** Applies {@code operation} to {@code key}: one round trip. */
    <R> R execute(StoreKey key, Operation<R> operation);

    /** As {@link #execute}, without blocking. */
    <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation);

    /**
     * Decides over several keys at once: all steps are applied, or one that is not advisory refuses and nothing changes
     * anywhere.
     *
     * <p>Each step is judged on the state before the call. Stores with {@link Capability#JOINT} show no state in between;
     * others reserve and take back, and may refuse too much for a moment, never admit too much.
     *
     * @param steps 1 to {@value #MOST_STEPS} steps on distinct keys
     * @throws IllegalArgumentException for another number of steps, or a key that occurs twice
     */
    JointResult executeAll(List<KeyedOperation<?>> steps);

    /** As {@link #executeAll}, without blocking. */
    CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps);

    /**
     * Applies independent steps in as few trips as possible; nothing joint.
     *
     * <p>Steps of one key follow one another in the order given. An error of one step stands in its place in the result.
     */
    List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps);

    /** As {@link #executeEach}, without blocking. */
    CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps);

    /** What this store can be relied on for; does not change while it is open. */
    Set<Capability> capabilities();

    /** The signals of this store's transitions. */
    Signals signals();

    /** Lists and clears keys, for administration. */
    KeyScan keys();

    /** Gives up connections and threads; every later call throws {@link StoreClosedException}. Closing twice does nothing. */
    @Override
    void close();
}
