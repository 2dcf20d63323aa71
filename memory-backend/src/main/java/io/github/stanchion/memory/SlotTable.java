package io.github.stanchion.memory;

import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.StoreKey;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Slots by key, never more than a fixed number, of which none is dropped while its value still counts.
 *
 * <p>Thread-safe. Room is reserved before a slot enters the map and given back after it has left, so that the bound holds at
 * every instant. To remove a slot is to win its word, to mark it dead and to take it out of the map; whoever takes it out
 * gives the room back, be it the killer or one who found it dead.
 */
final class SlotTable {

    private static final int SLICE = 10_000;
    private static final int GLANCES = 2;
    private static final int GLANCES_WHEN_FULL = 16;

    private final ConcurrentHashMap<StoreKey, Slot> slots = new ConcurrentHashMap<>();
    private final AtomicLong reserved = new AtomicLong();
    private final LongAdder collected = new LongAdder();
    private final long most;
    private final MicroClock clock;

    /** Walks round the table, a few slots at each insertion; belongs to whoever has won {@link #handTaken}. */
    private Iterator<Map.Entry<StoreKey, Slot>> hand = slots.entrySet().iterator();

    private final AtomicBoolean handTaken = new AtomicBoolean();

    SlotTable(long most, MicroClock clock) {
        this.most = most;
        this.clock = clock;
    }

    /** The slots themselves, for look-ups alone: one step less on the way of every decision. */
    ConcurrentHashMap<StoreKey, Slot> byKey() {
        return slots;
    }

    @Nullable
    Slot get(StoreKey key) {
        return slots.get(key);
    }

    /** Reserves room for one slot, which {@link #claim} uses or gives back; false if all slots hold values that count. */
    boolean reserve() {
        glance(GLANCES);
        if (reserveOne()) {
            return true;
        }
        glance(GLANCES_WHEN_FULL);
        return reserveOne();
    }

    private boolean reserveOne() {
        long before = reserved.get();
        while (before < most) {
            if (reserved.compareAndSet(before, before + 1)) {
                return true;
            }
            before = reserved.get();
        }
        return false;
    }

    /** A busy slot that the caller owns, in reserved room; null, with the room given back, if the key has a slot. */
    @Nullable
    Slot claim(StoreKey key) {
        Slot fresh = new Slot();
        if (slots.putIfAbsent(key, fresh) == null) {
            return fresh;
        }
        reserved.decrementAndGet();
        return null;
    }

    /** Takes a slot out whose word the caller has won. */
    void remove(StoreKey key, Slot slot) {
        slot.kill();
        forget(key, slot);
    }

    /** Puts a fresh busy slot in the place of one whose word the caller has won. */
    Slot renew(StoreKey key, Slot slot) {
        Slot fresh = new Slot();
        slots.replace(key, slot, fresh);
        slot.kill();
        return fresh;
    }

    /** Takes a dead slot out, unless another has. */
    void forget(StoreKey key, Slot slot) {
        if (slots.remove(key, slot)) {
            reserved.decrementAndGet();
        }
    }

    /** Looks at the next few slots and drops those whose time has come. */
    private void glance(int count) {
        if (reserved.get() == 0 || !handTaken.compareAndSet(false, true)) {
            return;
        }
        try {
            long now = clock.micros();
            for (int i = 0; i < count; i++) {
                if (!hand.hasNext()) {
                    hand = slots.entrySet().iterator();
                    if (!hand.hasNext()) {
                        return;
                    }
                }
                Map.Entry<StoreKey, Slot> entry = hand.next();
                collect(entry.getKey(), entry.getValue(), now);
            }
        } finally {
            handTaken.set(false);
        }
    }

    /** Looks at every slot, in slices between which others may run. */
    void sweep() {
        int seen = 0;
        long now = clock.micros();
        for (Map.Entry<StoreKey, Slot> entry : slots.entrySet()) {
            collect(entry.getKey(), entry.getValue(), now);
            if (++seen % SLICE == 0) {
                Slot.giveWay();
                now = clock.micros();
            }
        }
    }

    private void collect(StoreKey key, Slot slot, long now) {
        if (!slot.collectableAt(now) || !slot.tryTake()) {
            return;
        }
        if (slot.collectableAt(clock.micros())) {
            remove(key, slot);
            collected.increment();
        } else {
            slot.giveBack();
        }
    }

    void forEach(BiConsumer<StoreKey, Slot> action) {
        slots.forEach(action);
    }

    /** Reserved room: the number of slots, and of those about to enter. */
    long size() {
        return reserved.get();
    }

    boolean isEmpty() {
        return reserved.get() == 0;
    }

    long collected() {
        return collected.sum();
    }
}
