package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/** The store has no room for another key, and dropping one would lose live state: nothing was applied. */
public final class StoreFullException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreFullException(String message) {
        this(message, null);
    }

    public StoreFullException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
