package io.github.stanchion.lock;

import io.github.stanchion.store.StoreKey;

/** What all operations that change a lock begin with, and the ranges of their times. */
final class LockArguments {

    /** No shorter than waiters are remembered, so that a state is never collected before what it remembers has ended. */
    static final long SHORTEST_RETENTION_MICROS = WaitLine.UNSEEN_MICROS;

    static final long SHORTEST_SPAN_MICROS = 1_000;

    /** 366 days. */
    static final long LONGEST_MICROS = 366L * 24 * 3_600 * 1_000_000;

    private LockArguments() {}

    static void require(LockOwner owner, LockMode mode, LockQueue queue, long retentionMicros) {
        if (owner.isNobody()) {
            throw new IllegalArgumentException(
                    "Owner '0/0' is nobody, who may only inspect; use a node and a sequence");
        }
        if (mode != LockMode.EXCLUSIVE) {
            throw new IllegalArgumentException("Lock mode '" + mode + "' is not supported yet; use EXCLUSIVE");
        }
        if (queue != LockQueue.BARGING) {
            throw new IllegalArgumentException("Lock queue '" + queue + "' is not supported yet; use BARGING");
        }
        requireWithin("Retention", retentionMicros, SHORTEST_RETENTION_MICROS);
    }

    static void requireWithin(String what, long micros, long shortest) {
        if (micros < shortest || micros > LONGEST_MICROS) {
            throw new IllegalArgumentException(what + " '" + micros + "' us is out of range; use " + shortest + " to "
                    + LONGEST_MICROS + ", 366 days");
        }
    }

    static void requireSubject(long subject) {
        if (subject < 0 || subject > StoreKey.MOST_FINGERPRINT) {
            throw new IllegalArgumentException("Subject '" + subject + "' is no fingerprint; use the key's own");
        }
    }

    /** Node, sequence, mode, queue and retention, then what is the operation's own. */
    static long[] of(LockOwner owner, LockMode mode, LockQueue queue, long retentionMicros, long... own) {
        long[] arguments = new long[5 + own.length];
        arguments[0] = owner.node();
        arguments[1] = owner.sequence();
        arguments[2] = mode.number();
        arguments[3] = queue.number();
        arguments[4] = retentionMicros;
        System.arraycopy(own, 0, arguments, 5, own.length);
        return arguments;
    }
}
