package io.github.stanchion.testkit;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/** Applies an operation as it says itself. */
final class ReferenceTwin implements Twin {

    private @Nullable Value value;

    @Override
    public void plant(@Nullable Value planted, long nowMicros) {
        value = planted;
    }

    @Override
    public Outcome run(Operation<?> operation, long nowMicros) {
        try {
            Transition<?> transition = operation.apply(value, nowMicros);
            value = OperationContract.after(transition, value);
            return new Outcome(transition.result(), null, transition.effect());
        } catch (StoreException error) {
            return Outcome.failed(error);
        }
    }

    @Override
    public @Nullable Value state(long nowMicros) {
        return value;
    }
}
