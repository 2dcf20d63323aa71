package io.github.stanchion.lock;

import io.github.stanchion.store.Exact;

/**
 * Who holds a lock, or asks for it: one acquisition of one application context.
 *
 * <p>Never a thread: whoever sends the same owner again is the same acquisition. 0 and 0 are nobody, whose is a hold that
 * goes on after its release.
 *
 * @param node the application context, a random number of 1 to 2^53 - 1
 * @param sequence which of its acquisitions, counted from 1
 */
public record LockOwner(long node, long sequence) {

    /** Owns what is held for nobody any more; may inspect, and nothing else. */
    public static final LockOwner NOBODY = new LockOwner(0, 0);

    public LockOwner {
        if (!isOwner(node, sequence)) {
            throw new IllegalArgumentException("Owner '" + node + "/" + sequence
                    + "' is out of range; use a node and a sequence of 1 to " + Exact.MAX);
        }
    }

    static boolean isOwner(long node, long sequence) {
        return node >= 0 && sequence >= 0 && Exact.is(node) && Exact.is(sequence) && (node == 0) == (sequence == 0);
    }

    boolean isNobody() {
        return node == 0;
    }
}
