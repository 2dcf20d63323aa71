package io.github.stanchion.lock;

/** What a release does to its node's own place in the line of a lock. */
public enum LockPlace {
    /** Gives it up: no caller of the node waits any more. */
    LEAVE(0),
    /** Leaves it as it is. */
    KEEP(1),
    /** Is seen, and gets one at the tail if it has none, after others were woken: its own callers wait behind theirs. */
    JOIN(2);

    private final long number;

    LockPlace(long number) {
        this.number = number;
    }

    /** As it stands in arguments. */
    long number() {
        return number;
    }
}
