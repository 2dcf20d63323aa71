package io.github.stanchion.spring.store;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that can be stopped and started again while guards and beans hold on to it: each start makes a fresh store of the
 * same kind beneath.
 *
 * <p>Thread-safe. Works from the beginning, before any start, since making a store does no I/O. While it is stopped calls fail
 * as those on a closed store do. Subscriptions to signals last; after a start their listeners are told of a gap.
 */
public final class RestartableStore<S extends AtomicStore> implements StoreInFront {

    private static final String JOINT = "joint";
    private static final String BATCH = "batch";

    private final Supplier<S> maker;
    private final RestartableSignals signals;
    private volatile @Nullable CallTimer timer;
    private final ReentrantLock switching = new ReentrantLock();
    private volatile S current;
    private volatile boolean stopped;
    private boolean closed;

    /** @param maker makes a store and does no I/O */
    public RestartableStore(Supplier<S> maker) {
        this.maker = maker;
        this.current = maker.get();
        this.signals = new RestartableSignals(() -> current.signals());
    }

    /** The store that works at present, or the last one that did. */
    @Override
    public S behind() {
        return current;
    }

    /** Takes the time of all calls from now on. */
    public void timeBy(CallTimer timer) {
        this.timer = timer;
    }

    /** Starts again after {@link #stop}; else does nothing. */
    public void start() {
        switching.lock();
        try {
            if (stopped && !closed) {
                current = maker.get();
                stopped = false;
                signals.restore();
            }
        } finally {
            switching.unlock();
        }
    }

    /** Gives up connections and threads until the next start. */
    public void stop() {
        switching.lock();
        try {
            stopped = true;
            current.close();
        } finally {
            switching.unlock();
        }
    }

    /** Stops for good. */
    @Override
    public void close() {
        switching.lock();
        try {
            closed = true;
        } finally {
            switching.unlock();
        }
        stop();
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        return timed(operation.name(), () -> current.execute(key, operation));
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return timedAsync(operation.name(), () -> current.executeAsync(key, operation));
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        return timed(JOINT, () -> current.executeAll(steps));
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        return timedAsync(JOINT, () -> current.executeAllAsync(steps));
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        return timed(BATCH, () -> current.executeEach(steps));
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return timedAsync(BATCH, () -> current.executeEachAsync(steps));
    }

    private <T> T timed(String operation, Supplier<T> call) {
        CallTimer by = timer;
        if (by == null) {
            return call.get();
        }
        long began = by.now();
        T answer;
        try {
            answer = call.get();
        } catch (RuntimeException failed) {
            by.ended(operation, began, failed);
            throw failed;
        }
        by.ended(operation, began, null);
        return answer;
    }

    private <T> CompletionStage<T> timedAsync(String operation, Supplier<CompletionStage<T>> call) {
        CallTimer by = timer;
        if (by == null) {
            return call.get();
        }
        long began = by.now();
        CompletionStage<T> stage = call.get();
        // Callers get the stage itself: the errors of one that depends on it come wrapped.
        CompletionStage<T> unused = stage.whenComplete((answer, failed) -> by.ended(operation, began, failed));
        return stage;
    }

    @Override
    public Set<Capability> capabilities() {
        return current.capabilities();
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
                return current.keys().page(range, cursor, limit);
            }

            @Override
            public long clear(KeyRange range) {
                return current.keys().clear(range);
            }
        };
    }
}
