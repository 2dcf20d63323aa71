package io.github.stanchion.spring.store;

import io.github.stanchion.store.AtomicStore;

/** The memory that decides while a shared store is away; no bean of type {@code AtomicStore}, as there is one of that. */
public final class LocalStore implements AutoCloseable {

    private final AtomicStore store;

    /** @param store in this process; possibly the application's own, if that lies there */
    public LocalStore(AtomicStore store) {
        this.store = store;
    }

    public AtomicStore store() {
        return store;
    }

    /** Closing a store twice does nothing. */
    @Override
    public void close() {
        store.close();
    }
}
