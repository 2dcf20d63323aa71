package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/** The key holds a value that is not a counter; it is left untouched. */
public final class NotACounterException extends StoreException {

    private static final long serialVersionUID = 1L;

    public NotACounterException(String message) {
        this(message, null);
    }

    public NotACounterException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
