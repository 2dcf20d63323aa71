package io.github.stanchion.store;

/**
 * Delivers the signals of transitions, at most once and in no particular order.
 *
 * <p>Losing a signal costs time, never correctness: whoever waits for one also looks again by itself. On arrival the change
 * that sent it is visible. Thread-safe.
 */
public interface Signals {

    /**
     * Calls {@code listener} for every signal of this kind and topic until the subscription is closed.
     *
     * @throws UnsupportedOperationException if the store lacks {@link Capability#SIGNALS}
     */
    Subscription subscribe(String kind, String topic, Listener listener);

    /** Hears signals. Must not block; what it throws is logged and hurts neither the store nor other listeners. */
    @FunctionalInterface
    interface Listener {

        void onSignal(Signal signal);

        /** Signals may have been lost, as after a broken connection: look again. */
        default void onGap() {}
    }

    /** Ends a subscription; closing it twice does nothing. */
    interface Subscription extends AutoCloseable {

        @Override
        void close();
    }
}
