package io.github.stanchion.redis;

/** Something that somebody waits for, until it is done or due. */
interface Due {

    boolean isDone();

    /** When it ends, by the clock of {@link Deadlines}. */
    long due();

    /** It is due: ends it, unless it is done. */
    void timedOut();

    /** The store was closed first. */
    void abandoned();
}
