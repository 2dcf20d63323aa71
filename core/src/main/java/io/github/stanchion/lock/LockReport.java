package io.github.stanchion.lock;

/**
 * How a lock is held at one instant. Figures of one that was granted at 1,800,000,000,000,000 for 33 s, seen by its owner 1 s
 * later while two nodes wait.
 *
 * @param mine true: whether the owner that asked holds it
 * @param mode EXCLUSIVE
 * @param token 1,800,000,000,000,000: the fencing token of the last grant; 0 if the store knows of none
 * @param remainingMicros 32,000,000: how long the owner's hold lasts, else the last of the others; 0 if the lock is free
 * @param holderNode whose hold that is; 0 if the lock is free, or held for nobody any more
 * @param waiters 2: the nodes in line
 */
public record LockReport(
        boolean mine, LockMode mode, long token, long remainingMicros, long holderNode, long waiters) {}
