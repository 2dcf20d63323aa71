package io.github.stanchion.testkit;

import io.github.stanchion.store.Capability;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Stores that get one thing wrong each, as real ones have done. */
final class BrokenStores {

    private BrokenStores() {}

    /** Does all right and promises nothing. */
    static final class DeclaresNothing extends MapStore {

        DeclaresNothing(VirtualClock clock) {
            super(clock);
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public Subscription subscribe(String kind, String topic, Listener listener) {
            throw new UnsupportedOperationException("Signals are not pushed by this store; look again instead");
        }

        @Override
        public Page page(KeyRange range, @Nullable String cursor, int limit) {
            throw new UnsupportedOperationException("Keys cannot be listed by this store");
        }
    }

    /** Reads, decides and writes in steps of their own: whoever comes in between is overwritten. */
    static final class GetThenSet extends MapStore {

        private final long pauseNanos;

        GetThenSet(VirtualClock clock) {
            this(clock, 1);
        }

        /** @param pauseNanos between the reading and the writing: the longer, the surer that others come in between */
        GetThenSet(VirtualClock clock, long pauseNanos) {
            super(clock);
            this.pauseNanos = pauseNanos;
        }

        @Override
        public <R> R execute(StoreKey key, Operation<R> operation) {
            long now = now();
            Value value = locked(() -> load(key));
            Transition<R> transition = decide(key, operation, value, now);
            LockSupport.parkNanos(pauseNanos);
            locked(() -> {
                write(key, transition, now);
                return key;
            });
            tell(transition);
            return transition.result();
        }
    }

    /** Keeps version and bytes in two places, and reads first the one and then the other. */
    static final class ReadsApart extends MapStore {

        ReadsApart(VirtualClock clock) {
            super(clock);
        }

        @Override
        public <R> R execute(StoreKey key, Operation<R> operation) {
            if (operation.name().equals("value.read") && locked(() -> load(key)) instanceof Item version) {
                LockSupport.parkNanos(1);
                if (locked(() -> load(key)) instanceof Item bytes) {
                    Item mixed = new Item(version.version(), bytes.endsAt(), 0, 0, 0, 0, bytes.payload());
                    return decide(key, operation, mixed, now()).result();
                }
            }
            return super.execute(key, operation);
        }
    }

    /** Refuses a joint step for good while another is under way, as one that takes back what it has charged too much may do. */
    static final class JointStepsRefuseOneAnother extends MapStore {

        private final AtomicInteger underWay = new AtomicInteger();

        JointStepsRefuseOneAnother(VirtualClock clock) {
            super(clock);
        }

        @Override
        public JointResult executeAll(List<KeyedOperation<?>> steps) {
            boolean alone = underWay.incrementAndGet() == 1;
            try {
                JointResult result = alone ? super.executeAll(steps) : locked(() -> judged(steps));
                LockSupport.parkNanos(1);
                return result;
            } finally {
                underWay.decrementAndGet();
            }
        }

        private JointResult judged(List<KeyedOperation<?>> steps) {
            return new JointResult(
                    false,
                    steps.stream()
                            .map(step -> decide(step.key(), step.operation(), load(step.key()), now())
                                    .result())
                            .toList());
        }
    }

    /** Counts the time to collection in whole seconds, rounded down. */
    static final class CollectsEarly extends MapStore {

        CollectsEarly(VirtualClock clock) {
            super(clock);
        }

        @Override
        long collectAt(Effect.Put put, long now) {
            return put.collectAfterMicros() == Effect.Put.NEVER
                    ? 0
                    : now + put.collectAfterMicros() / 1_000_000 * 1_000_000;
        }

        @Override
        @Nullable
        Value load(StoreKey key) {
            Entry entry = entries.get(key);
            return entry == null || entry.collectAt() != 0 && entry.collectAt() <= now() ? null : entry.value();
        }
    }

    /** Drops the end of what it writes. */
    static final class LosesTheEnd extends MapStore {

        LosesTheEnd(VirtualClock clock) {
            super(clock);
        }

        @Override
        void write(StoreKey key, Transition<?> transition, long now) {
            super.write(key, transition, now);
            if (transition.effect() instanceof Effect.Put put
                    && put.next() instanceof Counter counter
                    && entries.containsKey(key)) {
                entries.put(key, new Entry(new Counter(counter.count(), Counter.ENDLESS), 0));
            }
        }
    }

    /** Lets what ends live to the end of the millisecond. */
    static final class EndsLate extends MapStore {

        EndsLate(VirtualClock clock) {
            super(clock);
        }

        @Override
        <R> Transition<R> decide(StoreKey key, Operation<R> operation, @Nullable Value value, long now) {
            boolean ending = value instanceof Counter || value instanceof Item;
            return super.decide(key, operation, value, ending ? now - now % 1_000 : now);
        }
    }

    /** Asks the caller what time it is; all callers but the first are a little ahead. */
    static final class CallersClock extends MapStore {

        private final Thread first = Thread.currentThread();

        CallersClock(VirtualClock clock) {
            super(clock);
        }

        @Override
        long now() {
            return super.now() + (Thread.currentThread() == first ? 0 : 250_000);
        }
    }

    /** Deletes whenever it is asked to, whoever asks. */
    static final class DeletesWithoutOwner extends MapStore {

        DeletesWithoutOwner(VirtualClock clock) {
            super(clock);
        }

        @Override
        <R> Transition<R> step(StoreKey key, Operation<R> operation) {
            Transition<R> transition = super.step(key, operation);
            boolean deletion = operation.name().equals("value.compare-and-delete")
                    || operation.name().equals("value.delete-if-equal");
            if (deletion && !transition.admitted()) {
                entries.remove(key);
            }
            return transition;
        }
    }

    /** Loses the answer to every hundredth charge and sends the charge once more. */
    static final class RepeatsCharges extends MapStore {

        private int charges;

        RepeatsCharges(VirtualClock clock) {
            super(clock);
        }

        @Override
        <R> Transition<R> step(StoreKey key, Operation<R> operation) {
            Transition<R> answered = super.step(key, operation);
            boolean charge = answered.admitted() && answered.effect() instanceof Effect.Put;
            return charge && ++charges % 100 == 0 ? super.step(key, operation) : answered;
        }
    }

    /** Prolongs what it refuses to change. */
    static final class RefusalMovesTheEnd extends MapStore {

        RefusalMovesTheEnd(VirtualClock clock) {
            super(clock);
        }

        @Override
        void write(StoreKey key, Transition<?> transition, long now) {
            super.write(key, transition, now);
            if (!transition.admitted()
                    && transition.effect() == Effect.keep()
                    && load(key) instanceof Counter counter
                    && counter.endsAt() != Counter.ENDLESS) {
                entries.put(key, new Entry(new Counter(counter.count(), counter.endsAt() + 1_000_000), 0));
            }
        }
    }

    /** Forgets what was deleted, its version included, so that a version comes back with other bytes. */
    static final class ForgetsVersions extends MapStore {

        ForgetsVersions(VirtualClock clock) {
            super(clock);
        }

        @Override
        @Nullable
        Value load(StoreKey key) {
            return super.load(key) instanceof Item item && item.payload() == null ? null : super.load(key);
        }
    }

    /** Has a store below that ignores case. */
    static final class FoldsKeys extends MapStore {

        FoldsKeys(VirtualClock clock) {
            super(clock);
        }

        @Override
        StoreKey address(StoreKey key) {
            return key.space()
                    .key(key.subject().stream()
                            .map(part -> part.toLowerCase(Locale.ROOT))
                            .toList());
        }
    }

    /** Has a store below that cuts blanks off the ends of keys. */
    static final class TrimsKeys extends MapStore {

        TrimsKeys(VirtualClock clock) {
            super(clock);
        }

        @Override
        StoreKey address(StoreKey key) {
            return key.space().key(key.subject().stream().map(String::strip).toList());
        }
    }

    /** Applies joint steps one by one, up to the first that refuses. */
    static final class HalfAJointStep extends MapStore {

        HalfAJointStep(VirtualClock clock) {
            super(clock);
        }

        @Override
        JointResult jointly(List<KeyedOperation<?>> steps, List<Transition<?>> written) {
            long now = now();
            List<Object> results = new ArrayList<>();
            boolean admitted = true;
            for (KeyedOperation<?> step : steps) {
                Transition<?> transition = decide(step.key(), step.operation(), load(step.key()), now);
                admitted &= transition.admitted() || step.advisory();
                if (admitted && transition.admitted()) {
                    write(step.key(), transition, now);
                    written.add(transition);
                }
                results.add(transition.result());
            }
            return new JointResult(admitted, results);
        }
    }

    /** Takes what it cannot read for nothing at all, and lets the caller in. */
    static final class ErrorAdmits extends MapStore {

        ErrorAdmits(VirtualClock clock) {
            super(clock);
        }

        @Override
        <R> Transition<R> decide(StoreKey key, Operation<R> operation, @Nullable Value value, long now) {
            try {
                return super.decide(key, operation, value, now);
            } catch (StoreException swallowed) {
                return super.decide(key, operation, null, now);
            }
        }
    }

    /** Clears all names that begin alike. */
    static final class ClearsByPrefix extends MapStore {

        ClearsByPrefix(VirtualClock clock) {
            super(clock);
        }

        @Override
        boolean clears(KeyRange range, StoreKey key) {
            KeySpace space = range.space();
            return key.text().startsWith(space.toString());
        }
    }

    /** Sweeps in two steps: what one found due the next removes, whatever was written since. */
    static final class SweepsWhatWasRenewed extends MapStore {

        private List<StoreKey> due = List.of();
        private int steps;

        SweepsWhatWasRenewed(VirtualClock clock) {
            super(clock);
        }

        @Override
        void sweep(long now) {
            if (++steps % 4 == 0 && entries.size() < 1_000) {
                due.forEach(entries::remove);
                due = entries.keySet().stream().filter(key -> isDue(key, now)).toList();
            }
        }

        private boolean isDue(StoreKey key, long now) {
            Entry entry = entries.get(key);
            return entry != null && entry.collectAt() != 0 && entry.collectAt() <= now;
        }
    }

    /** Makes room at any price. */
    static final class Evicts extends MapStore {

        private static final int MOST = 10_000;
        private final List<StoreKey> oldestFirst = new ArrayList<>();

        Evicts(VirtualClock clock) {
            super(clock);
        }

        @Override
        void write(StoreKey key, Transition<?> transition, long now) {
            if (transition.effect() instanceof Effect.Put && !entries.containsKey(key)) {
                oldestFirst.add(key);
            }
            super.write(key, transition, now);
            if (entries.size() > MOST) {
                entries.remove(oldestFirst.remove(0));
            }
        }
    }

    /** Holds one more than it can count: sums beyond the exact range come back rounded, as doubles are. */
    static final class CountsInDoubles extends MapStore {

        CountsInDoubles(VirtualClock clock) {
            super(clock);
        }

        @Override
        @Nullable
        Value load(StoreKey key) {
            Value value = super.load(key);
            if (value instanceof Counter counter) {
                return new Counter((long) (double) counter.count(), counter.endsAt());
            }
            return value instanceof Cells cells && cells.size() == 1 ? Cells.of((long) (double) cells.get(0)) : value;
        }
    }
}
