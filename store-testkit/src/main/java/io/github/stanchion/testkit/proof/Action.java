package io.github.stanchion.testkit.proof;

/** What a process did, and what the numbers of its {@link Event} mean. */
public enum Action {

    /** Asked for the lock, and waited: token is the fencing token, value the instant at which the holder counts its lease to end. */
    ACQUIRE,

    /** Looked whether the lease is still its own: value is the instant at which it counts the lease to end now. */
    HOLD,

    /** Gave the lock back. */
    RELEASE,

    /** Read a register: token is that of the write it saw, value what it saw; both 0 before the first write. */
    READ,

    /** Wrote a register, refused if a write with a greater token came before: token and value are what it wrote. */
    WRITE,

    /** Raised a counter by one, by reading, adding and writing: token as for a write, value is the sum that it wrote. */
    ADD,

    /** Disturbed the others: what was done is the key, from its beginning to its end. */
    FAULT,

    /** Was killed, and does nothing any more: the key is the process that ended. */
    END
}
