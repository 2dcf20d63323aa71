package io.github.stanchion.lock;

import org.jspecify.annotations.Nullable;

/** How a lock is held. States of all modes are understood; only {@link #EXCLUSIVE} can be asked for so far. */
public enum LockMode {
    /** Nobody holds it. */
    FREE(0),
    /** By one, without others. */
    EXCLUSIVE(1),
    /** By any number of readers. */
    READ(2),
    /** By one writer, without readers. */
    WRITE(3);

    private final long number;

    LockMode(long number) {
        this.number = number;
    }

    /** As it stands in states, arguments and replies. */
    public long number() {
        return number;
    }

    static @Nullable LockMode of(long number) {
        for (LockMode mode : values()) {
            if (mode.number == number) {
                return mode;
            }
        }
        return null;
    }
}
