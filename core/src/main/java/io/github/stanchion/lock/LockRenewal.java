package io.github.stanchion.lock;

/**
 * What a renewal came to.
 *
 * @param held whether the owner holds the lock, and from now on for the span that it asked for
 * @param token the fencing token of the last grant: another than the owner's if somebody else has held the lock since; 0 if
 *     the store knows of none, as when its state was lost
 */
public record LockRenewal(boolean held, long token) {}
