package io.github.stanchion.lock;

/**
 * What asking for a lock came to. Figures of one that is free, then held, asked at 1,800,000,000,000,000 with a span of 33 s
 * by one node, and 1 s later, enqueueing, by another.
 *
 * @param granted true, false
 * @param token 1,800,000,000,000,000 both times: the fencing token of this hold, or of the one in the way; greater than all
 *     before
 * @param remainingMicros 33,000,000, 32,000,000: how long this hold lasts, or the last of those in the way
 * @param since 0, 1,800,000,001,000,000: the store's time since when the node waits; 0 = it is not in line
 * @param position 0, 1: its place in line; 0 = it is not
 */
public record LockAnswer(boolean granted, long token, long remainingMicros, long since, long position) {}
