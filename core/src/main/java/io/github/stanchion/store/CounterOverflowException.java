package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/** The count would leave the range of a 64-bit integer; it is left unchanged. */
public final class CounterOverflowException extends StoreException {

    private static final long serialVersionUID = 1L;

    public CounterOverflowException(String message) {
        this(message, null);
    }

    public CounterOverflowException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
