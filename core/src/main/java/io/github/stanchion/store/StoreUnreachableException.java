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

    private StoreUnreachableException(String message, boolean stackTrace) {
        super(message, null, false, stackTrace);
    }

    /** Without a stack trace: for stores that refuse call after call, as while their server is known to be gone. */
    public static StoreUnreachableException failingFast(String message) {
        return new StoreUnreachableException(message, false);
    }
}
