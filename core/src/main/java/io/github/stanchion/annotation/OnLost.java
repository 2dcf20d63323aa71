package io.github.stanchion.annotation;

/** What becomes of a method whose lock is lost while it runs. */
public enum OnLost {

    /** It runs on; its transaction is rolled back, its result is dropped, and the call fails with {@code LeaseLostException}. */
    FAIL,

    /** As {@link #FAIL}, and its thread is interrupted once, or its future or subscription cancelled. */
    INTERRUPT,

    /** Nothing but an event and a meter. */
    WARN
}
