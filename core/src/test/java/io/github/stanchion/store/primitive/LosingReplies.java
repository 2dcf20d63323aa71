package io.github.stanchion.store.primitive;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.StoreTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store whose next replies are lost after the step was applied. */
final class LosingReplies implements AtomicStore {

    private final AtomicStore store;
    private int losses;
    private Runnable meanwhile = () -> {};
    private int calls;

    LosingReplies(AtomicStore store) {
        this.store = store;
    }

    void loseReplies(int count) {
        loseReplies(count, () -> {});
    }

    /** Runs something between the loss and what follows it. */
    void loseReplies(int count, Runnable next) {
        losses = count;
        meanwhile = next;
    }

    int calls() {
        return calls;
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        calls++;
        R result = store.execute(key, operation);
        if (losses > 0) {
            losses--;
            meanwhile.run();
            throw new StoreTimeoutException("Reply was lost");
        }
        return result;
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        try {
            return CompletableFuture.completedStage(execute(key, operation));
        } catch (StoreTimeoutException lost) {
            return CompletableFuture.failedStage(lost);
        }
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        return store.executeAll(steps);
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        return store.executeAllAsync(steps);
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        return store.executeEach(steps);
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return store.executeEachAsync(steps);
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
