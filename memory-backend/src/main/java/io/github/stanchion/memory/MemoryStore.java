package io.github.stanchion.memory;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.JointResult;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps state in this process, bounded, without handing out a fresh limit under memory pressure.
 *
 * <p>Thread-safe; nobody is ever parked and asynchronous forms complete before they return. Each call is atomic, joint ones
 * included: state is changed in place under a word of its own for each key. Time is the store's clock, by default
 * {@link System#nanoTime} plus an offset fixed when the store is made, in microseconds since 1970; it is read after the key
 * is held, so steps on one key see it rise with their order.
 *
 * <p>A value goes once its time to collection has passed, never before: each new key has two others looked at, and a daemon
 * thread, alive from the first key to the last, sweeps them all. With {@code maxKeys} keys that still count, a new key of a
 * {@link Operation#shareable} operation joins the overflow subject of its kind and name, and starts from a copy of that
 * once there is room for a slot of its own; for other operations the call throws
 * {@link io.github.stanchion.store.StoreFullException}.
 */
public final class MemoryStore implements AtomicStore {

    private final Set<Capability> capabilities;
    private final MicroClock clock;
    private final SlotTable slots;
    private final ConcurrentHashMap<StoreKey, Slot> byKey;
    private final SlotTable overflow;
    private final PressureGauge gauge;
    private final Sweeper sweeper;
    private final SingleStep single;
    private final JointStep joint;
    private final LocalSignals signals = new LocalSignals();
    private final SlotScan scan;
    private final long maxKeys;
    private volatile boolean closed;

    private MemoryStore(Builder settings) {
        maxKeys = settings.maxKeys;
        clock = settings.clock;
        capabilities = capabilities(clock);
        slots = new SlotTable(maxKeys, clock);
        byKey = slots.byKey();
        overflow = new SlotTable(Long.MAX_VALUE, clock);
        gauge = new PressureGauge(maxKeys, settings.listener);
        sweeper = new Sweeper(settings.sweepInterval, this::sweep, () -> slots.isEmpty() && overflow.isEmpty());
        single = new SingleStep(slots, overflow, clock, gauge, sweeper);
        joint = new JointStep(slots, overflow, clock, gauge, sweeper, single);
        scan = new SlotScan(slots, overflow, this::requireOpen);
    }

    private static Set<Capability> capabilities(MicroClock clock) {
        Set<Capability> all = EnumSet.of(
                Capability.STORE_CLOCK,
                Capability.RETAINS,
                Capability.FENCING,
                Capability.JOINT,
                Capability.SIGNALS,
                Capability.SCAN);
        if (clock.isSteady()) {
            all.add(Capability.STEADY_CLOCK);
        }
        return Collections.unmodifiableSet(all);
    }

    /** A store with the settings of {@link #builder()}. */
    public static MemoryStore create() {
        return builder().build();
    }

    /** Settings, to begin with: the process' clock, 100,000 keys, a sweep every 5 seconds, no listener. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        requireOpen();
        if (operation instanceof RateBucket bucket) {
            Bandwidth only = bucket.shape().only();
            Slot slot = byKey.get(key);
            if (only != null && slot != null) {
                long credit = BucketWord.charge(slot, bucket, only, clock);
                if (credit != BucketWord.NOT_HERE) {
                    @SuppressWarnings("unchecked") // the result of a RateBucket is a RateReply
                    R reply = (R) BucketWord.reply(bucket, only, credit);
                    return reply;
                }
            }
        }
        return executeInSlot(key, operation);
    }

    private <R> R executeInSlot(StoreKey key, Operation<R> operation) {
        Transition<R> transition = single.apply(key, operation);
        signals.send(transition.signals());
        return transition.result();
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return stage(() -> execute(key, operation));
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        return executeAll(steps, JointStep.inKeyOrder(steps));
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        int[] order = JointStep.inKeyOrder(steps);
        return stage(() -> executeAll(steps, order));
    }

    private JointResult executeAll(List<KeyedOperation<?>> steps, int[] order) {
        requireOpen();
        List<Signal> toSend = new ArrayList<>(0);
        JointResult result = joint.apply(steps, order, toSend);
        signals.send(toSend);
        return result;
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        requireOpen();
        List<StepResult<?>> results = new ArrayList<>(steps.size());
        for (KeyedOperation<?> step : steps) {
            results.add(executeOne(step));
        }
        return Collections.unmodifiableList(results);
    }

    private <R> StepResult<R> executeOne(KeyedOperation<R> step) {
        try {
            return new StepResult.Done<>(execute(step.key(), step.operation()));
        } catch (StoreException e) {
            return new StepResult.Failed<>(e);
        }
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return stage(() -> executeEach(steps));
    }

    private static <T> CompletionStage<T> stage(Supplier<T> call) {
        try {
            return CompletableFuture.completedFuture(call.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
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
        return scan;
    }

    /** How full the store is, for meters and health; counts are exact when nobody else uses the store. */
    public Stats stats() {
        return new Stats(
                slots.size(),
                maxKeys,
                overflow.size(),
                gauge.overflowed(),
                gauge.refused(),
                slots.collected(),
                gauge.pressure());
    }

    @Override
    public void close() {
        closed = true;
        sweeper.close();
        signals.close();
    }

    /** Drops all values whose time has come, as the sweeping thread does. */
    void sweep() {
        slots.sweep();
        overflow.sweep();
        gauge.swept(slots.size());
    }

    /** The slot of a key, for tests of native forms. */
    @Nullable
    Slot slot(StoreKey key) {
        return slots.get(key);
    }

    /** Whether the sweeping thread lives. */
    boolean isSweeping() {
        return sweeper.isRunning();
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreClosedException("The memory store is closed");
        }
    }

    /** How close a store is to its bound. */
    public enum Pressure {

        /** Less than 80 % full. */
        RELAXED,

        /** At least 80 % full, or it was since the last sweep. */
        CROWDED,

        /** Full of live state: new keys share limits or are refused, or were since the store was last below 80 %. */
        OVERFLOWING
    }

    /** Hears when the pressure changes; must not block, and what it throws is logged. */
    @FunctionalInterface
    public interface PressureListener {

        /** Called on the thread that noticed, once for each change. */
        void onPressure(Pressure now);
    }

    /**
     * How full a store is.
     *
     * @param keys keys with a slot, never more than {@code maxKeys}
     * @param maxKeys the bound
     * @param overflowSubjects shared subjects alive, at most one for each kind and name (16,384 where attempts are counted)
     * @param overflowed steps so far that were taken on a shared subject
     * @param refused steps so far that found no room
     * @param collected keys dropped so far because their time had come
     * @param pressure how close to the bound
     */
    public record Stats(
            long keys,
            long maxKeys,
            long overflowSubjects,
            long overflowed,
            long refused,
            long collected,
            Pressure pressure) {}

    /** Settings of a store; not thread-safe. */
    public static final class Builder {

        private MicroClock clock = MicroClock.system();
        private long maxKeys = 100_000;
        private Duration sweepInterval = Duration.ofSeconds(5);
        private PressureListener listener = now -> {};

        private Builder() {}

        /** The clock that all operations are given. */
        public Builder clock(MicroClock clock) {
            this.clock = clock;
            return this;
        }

        /**
         * The largest number of keys.
         *
         * @param maxKeys at least 1
         */
        public Builder maxKeys(long maxKeys) {
            if (maxKeys < 1) {
                throw new IllegalArgumentException(
                        "Number of keys '" + maxKeys + "' is not positive; allow at least 1");
            }
            this.maxKeys = maxKeys;
            return this;
        }

        /**
         * How often all keys are looked at, in real time.
         *
         * @param sweepInterval 1 ms to 1 day
         */
        public Builder sweepInterval(Duration sweepInterval) {
            if (sweepInterval.compareTo(Duration.ofMillis(1)) < 0 || sweepInterval.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(
                        "Sweep interval '" + sweepInterval + "' is out of range; use 1 ms to 1 day");
            }
            this.sweepInterval = sweepInterval;
            return this;
        }

        /** Hears when the store fills up and when that is over. */
        public Builder onPressure(PressureListener listener) {
            this.listener = listener;
            return this;
        }

        public MemoryStore build() {
            return new MemoryStore(this);
        }
    }
}
