package io.github.stanchion.testkit;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The simplest correct store: a sorted map behind one lock.
 *
 * <p>Broken stores extend it and get one thing wrong each, so what a store needs to get right is what can be overridden here.
 */
class MapStore implements AtomicStore, Signals, KeyScan {

    /** A value and the store time from which on it may be collected, 0 = never. */
    record Entry(Value value, long collectAt) {}

    private record Subscriber(String kind, String topic, Listener listener) {}

    final MicroClock clock;
    final ReentrantLock lock = new ReentrantLock();
    final Map<StoreKey, Entry> entries = new TreeMap<>();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    MapStore(MicroClock clock) {
        this.clock = clock;
    }

    /** The time that operations get. */
    long now() {
        return clock.micros();
    }

    /** The key under which {@code key} is kept. */
    StoreKey address(StoreKey key) {
        return key;
    }

    /** What operations get to see. */
    @Nullable
    Value load(StoreKey key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    /** Decides; an error says where. */
    <R> Transition<R> decide(StoreKey key, Operation<R> operation, @Nullable Value value, long now) {
        try {
            return operation.apply(value, now);
        } catch (StoreException error) {
            throw error.at(key);
        }
    }

    void write(StoreKey key, Transition<?> transition, long now) {
        if (transition.effect() instanceof Effect.Put put) {
            entries.put(key, new Entry(put.next(), collectAt(put, now)));
        } else if (transition.effect() instanceof Effect.Delete) {
            entries.remove(key);
        }
    }

    long collectAt(Effect.Put put, long now) {
        return put.collectAfterMicros() == Effect.Put.NEVER ? 0 : now + put.collectAfterMicros();
    }

    /** Tidies up: a few entries at a time, as stores do on the way. */
    void sweep(long now) {
        entries.values().stream()
                .limit(8)
                .filter(entry -> entry.collectAt() != 0 && entry.collectAt() <= now)
                .toList()
                .forEach(entries.values()::remove);
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        Transition<R> transition = locked(() -> {
            Transition<R> decided = step(address(key), operation);
            sweep(now());
            return decided;
        });
        tell(transition);
        return transition.result();
    }

    <R> Transition<R> step(StoreKey key, Operation<R> operation) {
        long now = now();
        Transition<R> transition = decide(key, operation, load(key), now);
        write(key, transition, now);
        return transition;
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        requireDistinct(steps);
        List<Transition<?>> written = new ArrayList<>();
        JointResult joint = locked(() -> jointly(steps, written));
        written.forEach(this::tell);
        return joint;
    }

    JointResult jointly(List<KeyedOperation<?>> steps, List<Transition<?>> written) {
        long now = now();
        List<Transition<?>> transitions = new ArrayList<>();
        boolean admitted = true;
        for (KeyedOperation<?> step : steps) {
            Transition<?> transition = decide(step.key(), step.operation(), load(address(step.key())), now);
            transitions.add(transition);
            admitted &= transition.admitted() || step.advisory();
        }
        for (int i = 0; admitted && i < steps.size(); i++) {
            if (transitions.get(i).admitted()) {
                write(address(steps.get(i).key()), transitions.get(i), now);
                written.add(transitions.get(i));
            }
        }
        return new JointResult(
                admitted, transitions.stream().map(Transition::result).toList());
    }

    private static void requireDistinct(List<KeyedOperation<?>> steps) {
        Set<StoreKey> keys = new HashSet<>();
        steps.forEach(step -> keys.add(step.key()));
        if (steps.isEmpty() || steps.size() > MOST_STEPS || keys.size() < steps.size()) {
            throw new IllegalArgumentException("Joint steps '" + steps.size() + "' on '" + keys.size()
                    + "' keys cannot be one decision; use 1 to " + MOST_STEPS + " on distinct keys");
        }
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        List<StepResult<?>> results = new ArrayList<>();
        steps.forEach(step -> results.add(result(step)));
        return results;
    }

    private <R> StepResult<R> result(KeyedOperation<R> step) {
        try {
            return new StepResult.Done<>(execute(step.key(), step.operation()));
        } catch (StoreClosedException closedMeanwhile) {
            throw closedMeanwhile;
        } catch (StoreException error) {
            return new StepResult.Failed<>(error);
        }
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return stage(() -> execute(key, operation));
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        return stage(() -> executeAll(steps));
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return stage(() -> executeEach(steps));
    }

    private static <T> CompletionStage<T> stage(Supplier<T> call) {
        try {
            return CompletableFuture.completedFuture(call.get());
        } catch (StoreException error) {
            return CompletableFuture.failedFuture(error);
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(
                Capability.STORE_CLOCK, Capability.RETAINS, Capability.JOINT, Capability.SIGNALS, Capability.SCAN);
    }

    @Override
    public Signals signals() {
        return this;
    }

    @Override
    public Subscription subscribe(String kind, String topic, Listener listener) {
        Subscriber subscriber = new Subscriber(kind, topic, listener);
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    void tell(Transition<?> transition) {
        transition.signals().forEach(this::tell);
    }

    private void tell(Signal signal) {
        for (Subscriber subscriber : subscribers) {
            if (subscriber.kind().equals(signal.kind()) && subscriber.topic().equals(signal.topic())) {
                try {
                    subscriber.listener().onSignal(signal);
                } catch (RuntimeException itsOwn) {
                    System.getLogger(MapStore.class.getName())
                            .log(System.Logger.Level.DEBUG, "A listener threw", itsOwn);
                }
            }
        }
    }

    @Override
    public KeyScan keys() {
        return this;
    }

    @Override
    public Page page(KeyRange range, @Nullable String cursor, int limit) {
        return locked(() -> {
            List<StoreKey> all = entries.keySet().stream()
                    .filter(key -> range.contains(key.space()))
                    .toList();
            int from = cursor == null ? 0 : Integer.parseInt(cursor);
            int to = Math.min(all.size(), from + limit);
            return new Page(all.subList(from, to), to == all.size() ? null : String.valueOf(to));
        });
    }

    @Override
    public long clear(KeyRange range) {
        return locked(() -> {
            int before = entries.size();
            entries.keySet().removeIf(key -> clears(range, key));
            return (long) before - entries.size();
        });
    }

    boolean clears(KeyRange range, StoreKey key) {
        return range.contains(key.space());
    }

    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosedException("Map store was closed; open another");
            }
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
