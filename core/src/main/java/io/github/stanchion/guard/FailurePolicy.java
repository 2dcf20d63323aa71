package io.github.stanchion.guard;

/** What a policy does when its store cannot decide. */
public enum FailurePolicy {

    /** The same policy decides on this process's memory. */
    LOCAL,

    /** The call goes through, uncounted. */
    OPEN,

    /** The call is rejected; fallbacks apply. */
    CLOSED,

    /** The call fails; fallbacks do not apply. */
    THROW
}
