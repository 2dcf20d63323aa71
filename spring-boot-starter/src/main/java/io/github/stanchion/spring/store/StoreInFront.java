package io.github.stanchion.spring.store;

import io.github.stanchion.store.AtomicStore;

/** A store that leaves the work to another one: reports are about that one. */
public interface StoreInFront extends AtomicStore {

    /** The store that does the work at present. */
    AtomicStore behind();

    /** The store that does the work, behind whatever stands in front of it. */
    static AtomicStore real(AtomicStore store) {
        AtomicStore real = store;
        while (real instanceof StoreInFront front) {
            real = front.behind();
        }
        return real;
    }
}
