package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/** Under the key lies something that the operation cannot read; it is left untouched. */
public final class UnreadableStateException extends StoreException {

    private static final long serialVersionUID = 1L;

    public UnreadableStateException(String message) {
        this(message, null);
    }

    public UnreadableStateException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
