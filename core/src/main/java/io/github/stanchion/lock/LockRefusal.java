package io.github.stanchion.lock;

/** Why a lock was not acquired. */
public enum LockRefusal {

    /** Somebody else held it for as long as the call could wait. */
    HELD("it is held"),

    /** As many calls as may wait in this process were waiting. */
    TOO_MANY_WAITERS("too many calls wait for it"),

    /** The caller was interrupted, or has cancelled. */
    INTERRUPTED("its caller was interrupted"),

    /** The store could not say, and the policy refuses then. */
    STORE("its store is not available");

    private final String text;

    LockRefusal(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
