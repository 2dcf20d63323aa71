package io.github.stanchion.annotation;

/** Which calls a rate limit counts in the end. Permits are always charged before the method runs, and given back after. */
public enum CountedCalls {

    /** Every admitted call. */
    ALWAYS,

    /** Calls that return normally with a status below 400. */
    SUCCESS,

    /** Calls that throw, or return with a status of 400 or more. */
    FAILURE,

    /** Calls that end with a status from 400 to 499. */
    CLIENT_ERROR
}
