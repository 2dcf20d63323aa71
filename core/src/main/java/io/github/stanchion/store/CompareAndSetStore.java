package io.github.stanchion.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store made of two primitives, for whatever can compare and set bytes under a key: read, apply, compare and set.
 *
 * <p>A subclass brings {@link #read} and {@link #compareAndSet}; this class brings the rest: the text of values, up to
 * {@value #MOST_ATTEMPTS} attempts with jitter between them, joint decisions, batches and the asynchronous forms. A decision
 * that changes nothing writes nothing. Comparing bytes suffices, because an operation sees nothing else. Signals of
 * transitions are dropped; a store that lists its keys overrides {@link #keys}, and one that can hold a lock on a row may
 * override {@link #execute}, leaving the rest to its two primitives.
 *
 * <p>Joint decisions judge all steps first, then charge one after the other; where a race makes a later step refuse, the earlier
 * ones are taken back by {@link Operation#undo}. So others may be refused too much for a moment, never admitted too much; a
 * process that dies in between leaves charges behind until they end. A step that charges and cannot be taken back is an
 * {@link IllegalArgumentException}, unless it is the only one that is not advisory.
 *
 * <p>Thread-safe if the two primitives are. Time is whatever {@link #read} returns as such.
 */
public abstract class CompareAndSetStore implements AtomicStore {

    /** How many lost races make a call give up. */
    public static final int MOST_ATTEMPTS = 64;

    private final Set<Capability> capabilities;
    private final Executor executor;
    private final RaceBackoff backoff;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param capabilities what the store can be relied on for; never JOINT or SIGNALS
     * @param executor runs the asynchronous forms, which block one of its threads each; it is not shut down by the store
     */
    protected CompareAndSetStore(Set<Capability> capabilities, Executor executor) {
        this(capabilities, executor, RaceBackoff.jittered());
    }

    CompareAndSetStore(Set<Capability> capabilities, Executor executor, RaceBackoff backoff) {
        for (Capability never : List.of(Capability.JOINT, Capability.SIGNALS)) {
            if (capabilities.contains(never)) {
                throw new IllegalArgumentException(
                        "Capability '" + never + "' is beyond a store of two primitives; do not declare it");
            }
        }
        this.capabilities = Set.copyOf(capabilities);
        this.executor = executor;
        this.backoff = backoff;
    }

    /**
     * Reads what lies under a key, and the store's clock.
     *
     * @throws IOException if the store cannot be read
     */
    protected abstract Snapshot read(String key) throws IOException;

    /**
     * Writes {@code next} if the key still holds exactly {@code expected}, atomically.
     *
     * @param expected null = the key must not exist
     * @param next null = the key is removed
     * @param collectAfterMicros how long the value must be kept at least; {@link Effect.Put#NEVER} = until it is removed
     * @return whether it was written; false = the key holds something else
     * @throws IOException if nobody can tell whether it was written; it is not tried again
     */
    protected abstract boolean compareAndSet(
            String key, byte @Nullable [] expected, byte @Nullable [] next, long collectAfterMicros) throws IOException;

    /** Gives up what the subclass holds; called once. */
    protected void release() {}

    /** What lies under a key, and when it was read by the store's clock. Immutable as long as nobody modifies the array. */
    public static final class Snapshot {

        private final byte @Nullable [] bytes;
        private final long nowMicros;

        /**
         * @param bytes what was last written and not collected, null for nothing; not copied
         * @param nowMicros the store's time, microseconds since 1970
         */
        public Snapshot(byte @Nullable [] bytes, long nowMicros) {
            this.bytes = bytes;
            this.nowMicros = nowMicros;
        }
    }

    /** What an operation decides on what was read. */
    record Judged<R>(Snapshot seen, Transition<R> transition) {}

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        requireOpen();
        return settle(key, judge(key, operation), () -> judge(key, operation), false)
                .result();
    }

    final <R> Judged<R> judge(StoreKey key, Operation<R> operation) {
        try {
            Snapshot seen = read(key.text());
            Value value = seen.bytes == null ? null : ValueText.decode(seen.bytes);
            return new Judged<>(seen, operation.apply(value, seen.nowMicros));
        } catch (IOException error) {
            throw new StoreUnreachableException("State cannot be read; nothing was changed", error).at(key);
        } catch (StoreException error) {
            throw error.at(key);
        }
    }

    /** Writes what was judged, judging again after each lost race; in joint decisions a refusal writes nothing. */
    final <R> Transition<R> settle(StoreKey key, Judged<R> first, Supplier<Judged<R>> again, boolean joint) {
        Judged<R> judged = first;
        for (int lost = 1; !written(key, judged, joint); lost++) {
            if (lost == MOST_ATTEMPTS) {
                throw new StoreContentionException(
                                MOST_ATTEMPTS
                                        + " attempts lost a race for one key; nothing was changed, spread the load over more keys")
                        .at(key);
            }
            pause(key, lost);
            judged = again.get();
        }
        return judged.transition();
    }

    private void pause(StoreKey key, int lost) {
        try {
            backoff.pause(lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreContentionException(
                            "Caller was interrupted between attempts; nothing was changed", interrupted)
                    .at(key);
        }
    }

    private boolean written(StoreKey key, Judged<?> judged, boolean joint) {
        Effect effect = judged.transition().effect();
        byte @Nullable [] expected = judged.seen().bytes;
        boolean nothing = effect instanceof Effect.Keep || effect instanceof Effect.Delete && expected == null;
        if (nothing || joint && !judged.transition().admitted()) {
            return true;
        }
        try {
            return effect instanceof Effect.Put put
                    ? compareAndSet(key.text(), expected, ValueText.encode(put.next()), put.collectAfterMicros())
                    : compareAndSet(key.text(), expected, null, Effect.Put.NEVER);
        } catch (IOException error) {
            throw new StoreTimeoutException("Writing failed; whether the state was changed is unknown", error).at(key);
        } catch (StoreException error) {
            throw error.at(key);
        }
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        Reservation reservation = new Reservation(this, KeyedOperation.requireJoint(steps));
        requireOpen();
        return reservation.decide();
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        requireOpen();
        List<StepResult<?>> results = new ArrayList<>(steps.size());
        for (KeyedOperation<?> step : steps) {
            results.add(result(step));
        }
        return results;
    }

    private <R> StepResult<R> result(KeyedOperation<R> step) {
        try {
            return new StepResult.Done<>(execute(step.key(), step.operation()));
        } catch (StoreException error) {
            return new StepResult.Failed<>(error);
        }
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return async(() -> execute(key, operation));
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        List<KeyedOperation<?>> all = KeyedOperation.requireJoint(steps);
        return async(() -> executeAll(all));
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        List<KeyedOperation<?>> all = List.copyOf(steps);
        return async(() -> executeEach(all));
    }

    private <R> CompletionStage<R> async(Supplier<R> call) {
        CompletableFuture<R> result = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    result.complete(call.get());
                } catch (Throwable error) {
                    result.completeExceptionally(error);
                }
            });
        } catch (RejectedExecutionException full) {
            result.completeExceptionally(
                    new StoreUnreachableException("No thread takes the call; give the store a larger executor", full));
        }
        return result;
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new StoreClosedException("Store is closed; nothing was applied");
        }
    }

    @Override
    public final Set<Capability> capabilities() {
        return capabilities;
    }

    /** Not supported: nothing tells other processes of a change. */
    @Override
    public final Signals signals() {
        throw new UnsupportedOperationException("Store sends no signals; look at the state again instead");
    }

    /** Not supported unless the subclass lists its keys. */
    @Override
    public KeyScan keys() {
        throw new UnsupportedOperationException("Store cannot list its keys; delete keys one by one instead");
    }

    @Override
    public final void close() {
        if (closed.compareAndSet(false, true)) {
            release();
        }
    }
}
