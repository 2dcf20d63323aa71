package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/** The store was closed: nothing was applied. */
public final class StoreClosedException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreClosedException(String message) {
        this(message, null);
    }

    public StoreClosedException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
