package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/** No reply came in time, or the connection broke after sending: whether the effect was applied is unknown. */
public final class StoreTimeoutException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreTimeoutException(String message) {
        this(message, null);
    }

    public StoreTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause, true);
    }
}
