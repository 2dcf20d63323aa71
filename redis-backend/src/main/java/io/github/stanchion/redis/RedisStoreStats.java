package io.github.stanchion.redis;

/**
 * What a store has done so far, for meters; counts since it was made.
 *
 * @param trips round trips to servers; commands that are pipelined together are one
 * @param scriptsLoaded scripts that a server did not know and was sent, one for each server and start of it
 * @param late replies that came after their call had timed out
 * @param undone charges taken back after a joint decision over several slots was refused
 * @param undoFailed charges that could not be taken back; they count until they end
 * @param signals signals heard
 * @param gaps times that signals may have been lost, as after a broken connection
 * @param coalescedBatches scripts that ran several waiting calls of one key
 * @param coalescedCalls calls that ran in those
 * @param openBreakers servers that do not answer at present
 */
public record RedisStoreStats(
        long trips,
        long scriptsLoaded,
        long late,
        long undone,
        long undoFailed,
        long signals,
        long gaps,
        long coalescedBatches,
        long coalescedCalls,
        int openBreakers) {}
