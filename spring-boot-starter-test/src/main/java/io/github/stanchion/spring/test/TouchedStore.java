package io.github.stanchion.spring.test;

import io.github.stanchion.spring.store.StoreInFront;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Knows which spaces of keys have been touched, so that a test leaves nothing behind, whatever the store. Thread-safe. */
final class TouchedStore implements StoreInFront {

    private final AtomicStore next;
    private final AtomicStore real;
    private final Set<KeySpace> touched = ConcurrentHashMap.newKeySet();

    /**
     * @param next what calls go to
     * @param real what does their work in the end, and is cleared
     */
    TouchedStore(AtomicStore next, AtomicStore real) {
        this.next = next;
        this.real = real;
    }

    /** Deletes all that has been written through this store since the last time; {@code beside} holds the same keys at times. */
    void clear(AtomicStore beside) {
        for (KeySpace space : List.copyOf(touched)) {
            touched.remove(space);
            KeyRange keys = KeyRange.of(space);
            real.keys().clear(keys);
            beside.keys().clear(keys);
        }
    }

    private StoreKey touch(StoreKey key) {
        touched.add(key.space());
        return key;
    }

    private List<KeyedOperation<?>> touch(List<KeyedOperation<?>> steps) {
        steps.forEach(step -> touch(step.key()));
        return steps;
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        return next.execute(touch(key), operation);
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return next.executeAsync(touch(key), operation);
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        return next.executeAll(touch(steps));
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        return next.executeAllAsync(touch(steps));
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        return next.executeEach(touch(steps));
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return next.executeEachAsync(touch(steps));
    }

    @Override
    public AtomicStore behind() {
        return real;
    }

    @Override
    public Set<Capability> capabilities() {
        return next.capabilities();
    }

    @Override
    public Signals signals() {
        return next.signals();
    }

    @Override
    public KeyScan keys() {
        return next.keys();
    }

    /** Does nothing: the store behind is a bean itself. */
    @Override
    public void close() {}
}
