package io.github.stanchion.limit;

/**
 * Whether a process remembers refusals, to refuse the same again without asking the store.
 *
 * <p>That changes no decision as long as other calls only take permits: then nothing of the same cost can pass before the
 * instant that the store has named.
 */
public enum DenialCaching {

    /**
     * On for stores that processes share, and policies that never give permits back: without {@code max-wait},
     * {@code count}, {@code refund-when} and {@code settle}, and as long as this process has seen no permit refunded.
     */
    AUTO,

    /** On; permits that another process gives back are seen up to {@code max-age} later. */
    ON,

    /** Off: the store decides every call. */
    OFF
}
