package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.MicroClock;

/** The memory that decides while a shared store is away; no bean of type {@code AtomicStore}, as there is one of that. */
final class LocalStore implements AutoCloseable {

    private final AtomicStore store;

    private LocalStore(AtomicStore store) {
        this.store = store;
    }

    /** The store itself if it lies in this process, else one beside it. */
    static LocalStore beside(AtomicStore store, StanchionProperties properties, MicroClock clock) {
        return new LocalStore(store instanceof MemoryStore ? store : Stores.memory(properties, clock));
    }

    AtomicStore store() {
        return store;
    }

    /** Closing a store twice does nothing. */
    @Override
    public void close() {
        store.close();
    }
}
