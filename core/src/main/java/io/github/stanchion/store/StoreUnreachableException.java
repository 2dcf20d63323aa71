package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/** The store could not be asked, or refused to work: nothing was applied. */
public final class StoreUnreachableException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreUnreachableException(String message) {
        this(message, null);
    }

    public StoreUnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
