package io.github.stanchion.testkit;

import io.github.stanchion.guard.Sleeper;
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
import io.github.stanchion.store.StoreUnreachableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A store in front of another that fails by script: unreachable, slow, or silent after the work is done.
 *
 * <p>Scripted faults happen to the calls that follow, each to one call, in the order in which they were scripted; calls after
 * the last one go through. One call is one fault however many steps it has. Thread-safe.
 */
public final class FaultyStore implements AtomicStore {

    private final AtomicStore store;
    private final Sleeper sleeper;
    private final Deque<Fault> script = new ArrayDeque<>();
    private final AtomicLong calls = new AtomicLong();

    /**
     * @param store does the work
     * @param sleeper lets the time of delays pass
     */
    public FaultyStore(AtomicStore store, Sleeper sleeper) {
        this.store = store;
        this.sleeper = sleeper;
    }

    /** The next calls throw {@link StoreUnreachableException}; nothing is applied. */
    public void failNext(int count) {
        script(count, new Fault(true, false, 0));
    }

    /** The next calls take so long before they go through. */
    public void delayNext(int count, Duration delay) {
        script(count, new Fault(false, false, TimeUnit.NANOSECONDS.toMicros(delay.toNanos())));
    }

    /** The next calls are applied, but their answer is lost: they throw {@link StoreTimeoutException}. */
    public void dropReplyNext(int count) {
        script(count, new Fault(false, true, 0));
    }

    private void script(int count, Fault fault) {
        synchronized (script) {
            for (int i = 0; i < count; i++) {
                script.add(fault);
            }
        }
    }

    /** Forgets all scripted faults that have not happened yet. */
    public void heal() {
        synchronized (script) {
            script.clear();
        }
    }

    /** As new: no faults scripted, no calls counted. */
    public void reset() {
        heal();
        calls.set(0);
    }

    /** How many calls have been made so far, those that failed included. */
    public long calls() {
        return calls.get();
    }

    private Fault next() {
        calls.incrementAndGet();
        synchronized (script) {
            Fault fault = script.poll();
            return fault == null ? Fault.NONE : fault;
        }
    }

    private <T> T call(Supplier<T> call) {
        Fault fault = next();
        if (fault.unreachable) {
            throw unreachable();
        }
        if (fault.delayMicros > 0) {
            try {
                sleeper.sleep(fault.delayMicros);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new StoreTimeoutException("Caller was interrupted while the store was slow", interrupted);
            }
        }
        T result = call.get();
        if (fault.silent) {
            throw silent();
        }
        return result;
    }

    private <T> CompletionStage<T> callAsync(Supplier<CompletionStage<T>> call) {
        Fault fault = next();
        if (fault.unreachable) {
            return CompletableFuture.failedFuture(unreachable());
        }
        CompletionStage<T> result = fault.delayMicros > 0
                ? sleeper.sleepAsync(fault.delayMicros).thenCompose(nothing -> call.get())
                : call.get();
        return fault.silent ? result.thenCompose(lost -> CompletableFuture.failedFuture(silent())) : result;
    }

    private static StoreUnreachableException unreachable() {
        return new StoreUnreachableException("Store is unreachable, as scripted");
    }

    private static StoreTimeoutException silent() {
        return new StoreTimeoutException("Store did not reply, as scripted");
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        return call(() -> store.execute(key, operation));
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return callAsync(() -> store.executeAsync(key, operation));
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        return call(() -> store.executeAll(steps));
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        return callAsync(() -> store.executeAllAsync(steps));
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        return call(() -> store.executeEach(steps));
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return callAsync(() -> store.executeEachAsync(steps));
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

    private record Fault(boolean unreachable, boolean silent, long delayMicros) {
        private static final Fault NONE = new Fault(false, false, 0);
    }
}
