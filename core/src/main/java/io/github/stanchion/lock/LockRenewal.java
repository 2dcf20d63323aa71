package io.github.stanchion.lock;

/**
 * What a renewal came to.
 *
 * @param held whether the owner holds the lock, and from now on for the span that it asked for
 * @param token the fencing token of the last grant, which is another's where it is not the one that was granted to the owner;
 *     0 if the store knows of none, as when its state was lost
 */
public record LockRenewal(boolean held, long token) {}
