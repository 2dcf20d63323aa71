package io.github.stanchion.lock;

/** Who gets a lock that is free while others wait for it. Only {@link #BARGING} can be asked for so far. */
public enum LockQueue {
    /** Whoever comes first; the first in line is told. */
    BARGING(0),
    /** The first in line alone. */
    FIFO(1);

    private final long number;

    LockQueue(long number) {
        this.number = number;
    }

    /** As it stands in arguments. */
    long number() {
        return number;
    }
}
