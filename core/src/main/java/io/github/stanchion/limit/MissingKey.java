package io.github.stanchion.limit;

/** What a rate limit does with a call whose key is null. */
public enum MissingKey {

    /** All such calls are one subject. */
    SHARED,

    /** Such calls are refused. */
    DENY,

    /** Such calls are not limited. */
    SKIP
}
