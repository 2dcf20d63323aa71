package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/**
 * Trouble with a store, or with what it holds under a key.
 *
 * <p>Names the key's kind and name, never its subject. Guards treat it by their policy's {@code on-store-failure}; from the
 * facades of the store's primitives it reaches the caller.
 */
public abstract sealed class StoreException extends RuntimeException
        permits StoreUnreachableException,
                StoreTimeoutException,
                StoreContentionException,
                StoreFullException,
                StoreClosedException,
                UnreadableStateException,
                NotACounterException,
                CounterOverflowException {

    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;
    private @Nullable String space;

    StoreException(String message, @Nullable Throwable cause, boolean outcomeUnknown) {
        this(message, cause, outcomeUnknown, true);
    }

    StoreException(String message, @Nullable Throwable cause, boolean outcomeUnknown, boolean stackTrace) {
        super(message, cause, true, stackTrace);
        this.outcomeUnknown = outcomeUnknown;
    }

    /** Whether the operation may have been applied all the same; if not, it surely was not. */
    public final boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    /** Adds the kind and name of the key concerned to the message, once; returns this exception, to be thrown. */
    public final StoreException at(StoreKey key) {
        if (space == null) {
            space = key.space().kind() + " '" + KeyText.printable(key.space().name()) + "'";
        }
        return this;
    }

    @Override
    public final @Nullable String getMessage() {
        return space == null ? super.getMessage() : super.getMessage() + " [" + space + "]";
    }
}
