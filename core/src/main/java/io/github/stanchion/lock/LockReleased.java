package io.github.stanchion.lock;

/**
 * What a release came to.
 *
 * @param released whether the owner held the lock until now
 * @param wokenOthers how many other nodes were taken out of the line and told; 0 while a hold goes on
 * @param wokenSelf whether the node's own place was one of those taken out
 * @param token the fencing token of the last grant; 0 if the store knows of none, as when its state was lost
 */
public record LockReleased(boolean released, long wokenOthers, boolean wokenSelf, long token) {

    /** Whether the lock is another node's to take now. */
    boolean namesAnother() {
        return wokenOthers > 0 && !wokenSelf;
    }
}
