package io.github.stanchion.store;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The plainest store there can be, for tests of what runs on one: a map behind one lock, on a clock that tests set.
 *
 * <p>Collects as early as it may, so that a state kept too short shows. Signals are dropped.
 */
public final class MapStore implements AtomicStore {

    private final MicroClock clock;
    private final Map<StoreKey, Held> held = new TreeMap<>();
    private long calls;
    private boolean closed;

    public MapStore(MicroClock clock) {
        this.clock = clock;
    }

    private record Held(Value value, long collectAt) {}

    @Override
    public synchronized <R> R execute(StoreKey key, Operation<R> operation) {
        enter();
        long now = clock.micros();
        Transition<R> transition = judge(key, operation, now);
        write(key, transition.effect(), now);
        return transition.result();
    }

    @Override
    public synchronized JointResult executeAll(List<KeyedOperation<?>> steps) {
        KeyedOperation.requireJoint(steps);
        enter();
        long now = clock.micros();
        List<Transition<?>> judged = new ArrayList<>();
        boolean admitted = true;
        for (KeyedOperation<?> step : steps) {
            Transition<?> transition = judge(step.key(), step.operation(), now);
            judged.add(transition);
            admitted &= transition.admitted() || step.advisory();
        }
        for (int i = 0; admitted && i < judged.size(); i++) {
            if (judged.get(i).admitted()) {
                write(steps.get(i).key(), judged.get(i).effect(), now);
            }
        }
        return new JointResult(admitted, judged.stream().map(Transition::result).toList());
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        List<StepResult<?>> results = new ArrayList<>();
        for (KeyedOperation<?> step : steps) {
            try {
                results.add(new StepResult.Done<>(execute(step.key(), step.operation())));
            } catch (StoreException error) {
                results.add(new StepResult.Failed<>(error));
            }
        }
        return results;
    }

    private void enter() {
        calls++;
        if (closed) {
            throw new StoreClosedException("Store is closed");
        }
    }

    private <R> Transition<R> judge(StoreKey key, Operation<R> operation, long now) {
        try {
            return operation.apply(value(key), now);
        } catch (StoreException error) {
            throw error.at(key);
        }
    }

    private void write(StoreKey key, Effect effect, long now) {
        if (effect instanceof Effect.Put put) {
            boolean forEver = put.collectAfterMicros() == Effect.Put.NEVER;
            held.put(key, new Held(put.next(), forEver ? Long.MAX_VALUE : now + put.collectAfterMicros()));
        } else if (effect instanceof Effect.Delete) {
            held.remove(key);
        }
    }

    /** What lies under the key, ended or not. */
    public synchronized @Nullable Value value(StoreKey key) {
        Held there = held.get(key);
        return there == null || there.collectAt() <= clock.micros() ? null : there.value();
    }

    /** Puts a value there behind all operations' backs. */
    public synchronized void plant(StoreKey key, Value value) {
        held.put(key, new Held(value, Long.MAX_VALUE));
    }

    /** How many keys hold something. */
    public synchronized int size() {
        held.values().removeIf(value -> value.collectAt() <= clock.micros());
        return held.size();
    }

    /** How many times the store was called. */
    public synchronized long calls() {
        return calls;
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return stage(() -> execute(key, operation));
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        KeyedOperation.requireJoint(steps);
        return stage(() -> executeAll(steps));
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return stage(() -> executeEach(steps));
    }

    private static <R> CompletionStage<R> stage(Supplier<R> call) {
        try {
            return CompletableFuture.completedStage(call.get());
        } catch (StoreException error) {
            return CompletableFuture.failedStage(error);
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(
                Capability.STORE_CLOCK, Capability.RETAINS, Capability.FENCING, Capability.JOINT, Capability.SCAN);
    }

    @Override
    public Signals signals() {
        throw new UnsupportedOperationException("A map sends no signals");
    }

    @Override
    public KeyScan keys() {
        return new KeyScan() {
            @Override
            public Page page(KeyRange range, @Nullable String cursor, int limit) {
                synchronized (MapStore.this) {
                    List<StoreKey> keys = held.keySet().stream()
                            .filter(key -> range.contains(key.space()))
                            .filter(key -> cursor == null || key.compareTo(StoreKey.parse(cursor)) > 0)
                            .limit(limit)
                            .toList();
                    return new Page(
                            keys,
                            keys.size() < limit
                                    ? null
                                    : keys.get(keys.size() - 1).text());
                }
            }

            @Override
            public long clear(KeyRange range) {
                synchronized (MapStore.this) {
                    long before = held.size();
                    held.keySet().removeIf(key -> range.contains(key.space()));
                    return before - held.size();
                }
            }
        };
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
