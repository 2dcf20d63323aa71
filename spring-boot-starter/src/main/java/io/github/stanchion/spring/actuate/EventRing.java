package io.github.stanchion.spring.actuate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The latest things of one sort; thread-safe, and nobody waits. */
final class EventRing<T> {

    private final AtomicReferenceArray<T> latest;
    private final AtomicLong next = new AtomicLong();

    /** @param size at least 1 */
    EventRing(int size) {
        latest = new AtomicReferenceArray<>(size);
    }

    void add(T thing) {
        latest.set((int) (next.getAndIncrement() % latest.length()), thing);
    }

    /** In no order. */
    List<T> all() {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < latest.length(); i++) {
            T thing = latest.get(i);
            if (thing != null) {
                all.add(thing);
            }
        }
        return all;
    }
}
