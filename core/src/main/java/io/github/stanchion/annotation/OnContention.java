package io.github.stanchion.annotation;

/** What a call does whose lock is not to be had within its wait. */
public enum OnContention {

    /** It fails with {@code LockNotAcquiredException}. */
    FAIL,

    /** The method does not run: the call returns null, or what is empty of its type, or the skip value. */
    SKIP,

    /** One call of all that come together computes, and the others get its result. */
    SINGLE_FLIGHT
}
