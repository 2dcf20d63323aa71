package io.github.stanchion.annotation;

/** What a single-flight call does that has waited long enough for somebody else's result. */
public enum WaitOver {

    /** It fails with {@code LockNotAcquiredException}. */
    FAIL,

    /** It computes by itself, beside the others. */
    COMPUTE
}
