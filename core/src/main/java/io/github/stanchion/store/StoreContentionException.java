package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/** So many others changed the key at the same time that the store gave up: nothing was applied. */
public final class StoreContentionException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreContentionException(String message) {
        this(message, null);
    }

    public StoreContentionException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
