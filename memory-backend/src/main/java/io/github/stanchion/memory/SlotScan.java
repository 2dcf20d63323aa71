package io.github.stanchion.memory;

import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.StoreKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lists keys in their order, a page at a time, and clears ranges.
 *
 * <p>Thread-safe. A page looks at the whole table without holding anybody up and keeps the least keys behind the cursor, so
 * that no cursor needs state here and none goes stale.
 */
final class SlotScan implements KeyScan {

    private static final int LARGEST_PAGE = 10_000;

    private final SlotTable slots;
    private final SlotTable overflow;
    private final Runnable requireOpen;

    SlotScan(SlotTable slots, SlotTable overflow, Runnable requireOpen) {
        this.slots = slots;
        this.overflow = overflow;
        this.requireOpen = requireOpen;
    }

    @Override
    public Page page(KeyRange range, @Nullable String cursor, int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new IllegalArgumentException("Page limit '" + limit + "' is out of range; use 1 to " + LARGEST_PAGE);
        }
        requireOpen.run();
        StoreKey after = cursor == null ? null : StoreKey.parse(cursor);
        PriorityQueue<StoreKey> least = new PriorityQueue<>(Comparator.reverseOrder());
        slots.forEach((key, slot) -> {
            if (range.contains(key.space()) && (after == null || key.compareTo(after) > 0)) {
                least.add(key);
                if (least.size() > limit) {
                    least.poll();
                }
            }
        });
        List<StoreKey> keys = new ArrayList<>(least);
        keys.sort(null);
        return new Page(keys, keys.size() < limit ? null : keys.get(limit - 1).text());
    }

    @Override
    public long clear(KeyRange range) {
        requireOpen.run();
        AtomicLong cleared = new AtomicLong();
        // The overflow goes first: a key cleared before it could come back as a copy of it.
        overflow.forEach((key, slot) -> {
            if (range.contains(key.space())) {
                drop(overflow, key, slot);
            }
        });
        slots.forEach((key, slot) -> {
            if (range.contains(key.space()) && drop(slots, key, slot)) {
                cleared.incrementAndGet();
            }
        });
        return cleared.get();
    }

    private static boolean drop(SlotTable table, StoreKey key, Slot slot) {
        if (!slot.take()) {
            return false;
        }
        table.remove(key, slot);
        return true;
    }
}
