package io.github.stanchion.memory;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Applies one operation to one key.
 *
 * <p>Thread-safe. The clock is read after the slot's word is won, so that steps on one key see time in their own order. A
 * key without a slot is judged as absent first: what leaves it absent takes no room. What would write is judged again in a
 * slot of its own or, when there is no room, in the overflow subject's, while the key still has none.
 */
final class SingleStep {

    private final SlotTable slots;
    private final SlotTable overflow;
    private final MicroClock clock;
    private final PressureGauge gauge;
    private final Sweeper sweeper;

    SingleStep(SlotTable slots, SlotTable overflow, MicroClock clock, PressureGauge gauge, Sweeper sweeper) {
        this.slots = slots;
        this.overflow = overflow;
        this.clock = clock;
        this.gauge = gauge;
        this.sweeper = sweeper;
    }

    <R> Transition<R> apply(StoreKey key, Operation<R> operation) {
        while (true) {
            Slot slot = slots.get(key);
            if (slot == null) {
                Transition<R> transition = applyToAbsent(key, operation);
                if (transition != null) {
                    return transition;
                }
            } else if (slot.take()) {
                return applyIn(slots, key, slot, null, operation);
            } else {
                slots.forget(key, slot);
            }
        }
    }

    /** Null if the key got a slot meanwhile. */
    private <R> @Nullable Transition<R> applyToAbsent(StoreKey key, Operation<R> operation) {
        Transition<R> unwritten = judge(key, operation, Overflow.seed(overflow, key), clock.micros());
        if (!(unwritten.effect() instanceof Effect.Put)) {
            return unwritten;
        }
        if (!slots.reserve()) {
            return applyInOverflow(key, operation);
        }
        Slot fresh = slots.claim(key);
        if (fresh == null) {
            return null;
        }
        gauge.added(slots.size());
        sweeper.ensureRunning();
        return applyIn(slots, key, fresh, Overflow.seed(overflow, key), operation);
    }

    private <R> @Nullable Transition<R> applyInOverflow(StoreKey key, Operation<R> operation) {
        if (!operation.shareable()) {
            gauge.refused(key.space());
            throw new StoreFullException("The memory store is full of live state; raise stanchion.memory.max-keys")
                    .at(key);
        }
        StoreKey subject = Overflow.subjectOf(key);
        Slot slot = take(subject);
        if (slots.get(key) != null) {
            leave(overflow, subject, slot);
            return null;
        }
        gauge.overflowed(key.space());
        sweeper.ensureRunning();
        return applyIn(overflow, subject, slot, null, operation);
    }

    /** The overflow subject's slot, made where it is missing, its word won. */
    Slot take(StoreKey subject) {
        while (true) {
            Slot slot = overflow.get(subject);
            if (slot == null) {
                overflow.reserve();
                Slot fresh = overflow.claim(subject);
                if (fresh != null) {
                    return fresh;
                }
            } else if (slot.take()) {
                return slot;
            } else {
                overflow.forget(subject, slot);
            }
        }
    }

    /** Judges and writes in a slot whose word is won, and gives it back; a fresh slot starts from {@code seed}. */
    private <R> Transition<R> applyIn(
            SlotTable table, StoreKey key, Slot slot, @Nullable Value seed, Operation<R> operation) {
        boolean written = false;
        try {
            long now = clock.micros();
            Transition<R> transition = seed == null ? applyLive(slot, operation, now) : null;
            if (transition == null) {
                transition = judge(key, operation, slot.isFresh() ? seed : slot.value(), now);
                written = true;
                write(table, key, slot, operation, transition.effect(), now);
            }
            return transition;
        } finally {
            if (!written) {
                leave(table, key, slot);
            }
        }
    }

    /** Decides in bucket4j's form if the slot's state is in that, or is to begin in it. */
    private static <R> @Nullable Transition<R> applyLive(Slot slot, Operation<R> operation, long now) {
        LiveState live = slot.isFresh() ? LiveState.startingWith(operation, now) : slot.live();
        RateReply reply = live == null ? null : live.decide(operation, now);
        if (live == null || reply == null) {
            return null;
        }
        if (reply.taken() > 0) {
            slot.put(live, now + reply.fullMicros());
        }
        @SuppressWarnings("unchecked") // operations of limits have replies of limits
        R result = (R) reply;
        return new Transition<>(Effect.keep(), reply.admitted(), result);
    }

    static <R> Transition<R> judge(StoreKey key, Operation<R> operation, @Nullable Value current, long now) {
        try {
            return operation.apply(current, now);
        } catch (StoreException e) {
            throw e.at(key);
        }
    }

    /** Brings the effect of an operation into a slot whose word is won, and gives the word back. */
    static void write(
            SlotTable table, StoreKey key, Slot slot, @Nullable Operation<?> operation, Effect effect, long now) {
        if (effect instanceof Effect.Put put) {
            Bandwidth bandwidth = BucketWord.bandwidthOf(operation);
            if (bandwidth != null && put.next() instanceof Cells cells && BucketWord.fits(bandwidth, cells)) {
                Slot accepting = slot.accepts(bandwidth) ? slot : table.renew(key, slot);
                accepting.freeze(bandwidth, BucketWord.state(bandwidth, cells));
            } else {
                long after = put.collectAfterMicros();
                slot.put(put.next(), after == Effect.Put.NEVER ? Slot.NEVER : now + after);
                slot.free();
            }
        } else if (effect instanceof Effect.Delete) {
            table.remove(key, slot);
        } else {
            leave(table, key, slot);
        }
    }

    /** Gives the word back of a slot that stays as it was; a fresh one goes. */
    static void leave(SlotTable table, StoreKey key, Slot slot) {
        if (slot.isFresh()) {
            table.remove(key, slot);
        } else {
            slot.giveBack();
        }
    }
}
