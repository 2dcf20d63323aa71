package io.github.stanchion.memory;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides over several keys at once.
 *
 * <p>Thread-safe. Wins the words of all slots before it judges and gives none back before it has written, so no state in
 * between can be seen; every caller wins them in the order of keys, overflow subjects last, so none waits in a circle.
 */
final class JointStep {

    private final SlotTable slots;
    private final SlotTable overflow;
    private final MicroClock clock;
    private final PressureGauge gauge;
    private final Sweeper sweeper;
    private final SingleStep single;

    JointStep(
            SlotTable slots,
            SlotTable overflow,
            MicroClock clock,
            PressureGauge gauge,
            Sweeper sweeper,
            SingleStep single) {
        this.slots = slots;
        this.overflow = overflow;
        this.clock = clock;
        this.gauge = gauge;
        this.sweeper = sweeper;
        this.single = single;
    }

    /** The positions of the steps in the order of their keys. */
    static int[] inKeyOrder(List<KeyedOperation<?>> steps) {
        int size = steps.size();
        if (size < 1 || size > AtomicStore.MOST_STEPS) {
            throw new IllegalArgumentException("Number of joint steps '" + size + "' is out of range; use 1 to "
                    + AtomicStore.MOST_STEPS + " in one decision");
        }
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            StoreKey key = steps.get(i).key();
            int at = i;
            while (at > 0 && key.compareTo(steps.get(order[at - 1]).key()) < 0) {
                order[at] = order[at - 1];
                at--;
            }
            if (at > 0 && key.equals(steps.get(order[at - 1]).key())) {
                throw new IllegalArgumentException(
                        "Key of joint step '" + key + "' occurs twice; make one operation of what concerns one key");
            }
            order[at] = i;
        }
        return order;
    }

    /** Decides, and adds the signals to send to {@code signals}. */
    JointResult apply(List<KeyedOperation<?>> steps, int[] order, List<Signal> signals) {
        while (true) {
            JointResult result = new Attempt(steps).decide(order, signals);
            if (result != null) {
                return result;
            }
        }
    }

    /** A slot whose word is won, with what the steps so far make of it; without a slot, a key that must stay absent. */
    private static final class Held {
        private final SlotTable table;
        private final StoreKey key;
        private final @Nullable Slot slot;
        private @Nullable Value pending;
        private Effect effect = Effect.keep();
        private @Nullable Operation<?> last;

        private Held(SlotTable table, StoreKey key, @Nullable Slot slot) {
            this.table = table;
            this.key = key;
            this.slot = slot;
            this.pending = slot == null ? null : slot.value();
        }

        private void fold(Operation<?> operation, Effect next) {
            if (next instanceof Effect.Keep) {
                return;
            }
            pending = next instanceof Effect.Put put ? put.next() : null;
            effect = next;
            last = operation;
        }
    }

    private final class Attempt {
        private final List<KeyedOperation<?>> steps;
        private final Held[] homes;
        private final List<Held> held = new ArrayList<>();
        private final List<Integer> homeless = new ArrayList<>(0);

        private Attempt(List<KeyedOperation<?>> steps) {
            this.steps = steps;
            this.homes = new Held[steps.size()];
        }

        /** Null if a key that had no slot got one meanwhile. */
        private @Nullable JointResult decide(int[] order, List<Signal> signals) {
            try {
                for (int i : order) {
                    holdOwn(i);
                }
                if (!homeless.isEmpty() && !holdShared()) {
                    return null;
                }
                return judge(signals);
            } finally {
                held.forEach(home -> {
                    if (home.slot != null) {
                        SingleStep.leave(home.table, home.key, home.slot);
                    }
                });
            }
        }

        private void holdOwn(int i) {
            StoreKey key = steps.get(i).key();
            while (true) {
                Slot slot = slots.get(key);
                if (slot == null) {
                    if (!slots.reserve()) {
                        homeless.add(i);
                        return;
                    }
                    Slot fresh = slots.claim(key);
                    if (fresh != null) {
                        hold(i, new Held(slots, key, fresh));
                        gauge.added(slots.size());
                        sweeper.ensureRunning();
                        homes[i].pending = Overflow.seed(overflow, key);
                        return;
                    }
                } else if (slot.take()) {
                    hold(i, new Held(slots, key, slot));
                    return;
                } else {
                    slots.forget(key, slot);
                }
            }
        }

        private void hold(int i, Held home) {
            homes[i] = home;
            held.add(home);
        }

        /** For keys without room: the overflow subject, which several may share, else their absence. */
        private boolean holdShared() {
            Map<StoreKey, List<Integer>> bySubject = new TreeMap<>();
            for (int i : homeless) {
                KeyedOperation<?> step = steps.get(i);
                if (step.operation().shareable()) {
                    bySubject
                            .computeIfAbsent(Overflow.subjectOf(step.key()), subject -> new ArrayList<>(1))
                            .add(i);
                } else {
                    homes[i] = new Held(slots, step.key(), null);
                    homes[i].pending = Overflow.seed(overflow, step.key());
                }
            }
            bySubject.forEach((subject, sharing) -> {
                Held home = new Held(overflow, subject, single.take(subject));
                held.add(home);
                sharing.forEach(i -> {
                    homes[i] = home;
                    gauge.overflowed(subject.space());
                });
            });
            sweeper.ensureRunning();
            return homeless.stream().allMatch(i -> slots.get(steps.get(i).key()) == null);
        }

        private JointResult judge(List<Signal> signals) {
            long now = clock.micros();
            boolean admitted = true;
            List<Object> results = new ArrayList<>(homes.length);
            List<Signal> charged = new ArrayList<>(0);
            for (int i = 0; i < homes.length; i++) {
                KeyedOperation<?> step = steps.get(i);
                Transition<?> transition = SingleStep.judge(step.key(), step.operation(), homes[i].pending, now);
                results.add(transition.result());
                if (transition.admitted()) {
                    homes[i].fold(step.operation(), transition.effect());
                    charged.addAll(transition.signals());
                } else if (!step.advisory()) {
                    admitted = false;
                }
            }
            if (admitted) {
                write(now);
                signals.addAll(charged);
            }
            return new JointResult(admitted, results);
        }

        private void write(long now) {
            for (int i : homeless) {
                if (homes[i].slot == null && homes[i].effect instanceof Effect.Put) {
                    StoreKey key = homes[i].key;
                    gauge.refused(key.space());
                    throw new StoreFullException(
                                    "The memory store is full of live state; raise stanchion.memory.max-keys")
                            .at(key);
                }
            }
            for (Held home : held) {
                if (home.slot != null) {
                    SingleStep.write(home.table, home.key, home.slot, home.last, home.effect, now);
                }
            }
            held.clear();
        }
    }
}
