package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.StoreUnreachableException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A store that a test takes away and brings back. */
final class FlakyStore implements AtomicStore {

    private final AtomicStore store;
    volatile boolean away;

    FlakyStore(AtomicStore store) {
        this.store = store;
    }

    private <T> T present(Supplier<T> answer) {
        if (away) {
            throw new StoreUnreachableException("The store is away");
        }
        return answer.get();
    }

    private <T> CompletionStage<T> staged(Supplier<CompletionStage<T>> answer) {
        return away ? CompletableFuture.failedFuture(new StoreUnreachableException("The store is away")) : answer.get();
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        return present(() -> store.execute(key, operation));
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return staged(() -> store.executeAsync(key, operation));
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        return present(() -> store.executeAll(steps));
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        return staged(() -> store.executeAllAsync(steps));
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        return present(() -> store.executeEach(steps));
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return staged(() -> store.executeEachAsync(steps));
    }

    @Override
    public Set<Capability> capabilities() {
        return store.capabilities();
    }

    @Override
    public Signals signals() {
        return store.signals();
    }

    @Override
    public KeyScan keys() {
        return store.keys();
    }

    @Override
    public void close() {
        store.close();
    }
}
