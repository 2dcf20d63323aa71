package io.github.stanchion.testkit;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * A native form of operations, on one key, as {@link TwinContract} walks it.
 *
 * <p>It keeps its state from step to step as its backend does, so that a native representation is carried on rather than
 * made anew. Used by one thread.
 */
public interface Twin extends AutoCloseable {

    /** Makes {@code value} what the key holds, null for nothing, whatever was there; kept until a later step changes it. */
    void plant(@Nullable Value value, long nowMicros);

    /** Runs the native form on what the key holds, at this time of the store. */
    Outcome run(Operation<?> operation, long nowMicros);

    /** What the key holds now, as any other operation would see it; does not change it. */
    @Nullable
    Value state(long nowMicros);

    /** Ends a walk; for twins that hold resources. */
    @Override
    default void close() {}

    /** A twin on any store that goes by the given clock, through {@link Probe}s: for native forms that run inside a store, which it closes. */
    static Twin of(AtomicStore store, VirtualClock clock) {
        return new StoreTwin(store, clock);
    }

    /** The operations' own pure functions as a twin: what every other is compared with. */
    static Twin reference() {
        return new ReferenceTwin();
    }

    /**
     * What a step came to.
     *
     * @param result what the caller learns; null if the step failed
     * @param error the kind of error; null if the step succeeded
     * @param effect what became of the value, with its time to collection; null where a backend does not show it
     */
    record Outcome(@Nullable Object result, @Nullable Class<? extends StoreException> error, @Nullable Effect effect) {

        /** The outcome of a step that threw. */
        public static Outcome failed(StoreException error) {
            return new Outcome(null, error.getClass(), Effect.keep());
        }
    }
}
