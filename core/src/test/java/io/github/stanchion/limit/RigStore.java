package io.github.stanchion.limit;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Applies operations to a map, at the time the test says; counts its calls, and fails when told to. */
final class RigStore implements AtomicStore {

    final Map<StoreKey, Value> values = new HashMap<>();
    int calls;
    boolean failing;

    /** Runs once, after the next call has been decided and before its answer arrives. */
    Runnable beforeAnswer = () -> {};

    final RigSignals signals = new RigSignals();
    private final RigClock clock;
    private final Set<Capability> capabilities;

    RigStore(RigClock clock) {
        this(clock, Set.of(Capability.JOINT, Capability.STORE_CLOCK, Capability.SCAN));
    }

    RigStore(RigClock clock, Set<Capability> capabilities) {
        this.clock = clock;
        this.capabilities = capabilities;
    }

    private synchronized <T> T counted(Supplier<T> work) {
        calls++;
        if (failing) {
            throw new StoreTimeoutException("No reply");
        }
        T answer = work.get();
        Runnable once = beforeAnswer;
        beforeAnswer = () -> {};
        once.run();
        return answer;
    }

    private <R> Transition<R> judge(StoreKey key, Operation<R> operation) {
        return operation.apply(values.get(key), clock.micros());
    }

    private void write(StoreKey key, Transition<?> transition) {
        if (transition.effect() instanceof Effect.Put put) {
            values.put(key, put.next());
        } else if (transition.effect() instanceof Effect.Delete) {
            values.remove(key);
        }
        signals.send(transition.signals());
    }

    private <R> R apply(StoreKey key, Operation<R> operation) {
        Transition<R> transition = judge(key, operation);
        write(key, transition);
        return transition.result();
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        return counted(() -> apply(key, operation));
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        if (steps.stream().map(KeyedOperation::key).distinct().count() < steps.size()) {
            throw new IllegalArgumentException("A key occurs twice");
        }
        return counted(() -> {
            List<Transition<?>> transitions = new ArrayList<>();
            boolean admitted = true;
            for (KeyedOperation<?> step : steps) {
                Transition<?> transition = judge(step.key(), step.operation());
                transitions.add(transition);
                admitted &= step.advisory() || transition.admitted();
            }
            for (int i = 0; admitted && i < steps.size(); i++) {
                if (transitions.get(i).admitted()) {
                    write(steps.get(i).key(), transitions.get(i));
                }
            }
            return new JointResult(
                    admitted, transitions.stream().map(Transition::result).toList());
        });
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        return counted(() -> {
            List<StepResult<?>> results = new ArrayList<>();
            steps.forEach(step -> results.add(new StepResult.Done<>(apply(step.key(), step.operation()))));
            return results;
        });
    }

    private static <T> CompletionStage<T> async(Supplier<T> work) {
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (StoreException trouble) {
            return CompletableFuture.failedFuture(trouble);
        }
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return async(() -> execute(key, operation));
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        return async(() -> executeAll(steps));
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return async(() -> executeEach(steps));
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Signals signals() {
        return signals;
    }

    @Override
    public KeyScan keys() {
        return new KeyScan() {
            @Override
            public Page page(KeyRange range, @Nullable String cursor, int limit) {
                return new Page(
                        values.keySet().stream()
                                .filter(key -> range.contains(key.space()))
                                .toList(),
                        null);
            }

            @Override
            public long clear(KeyRange range) {
                long before = values.size();
                values.keySet().removeIf(key -> range.contains(key.space()));
                return before - values.size();
            }
        };
    }

    @Override
    public void close() {}
}
