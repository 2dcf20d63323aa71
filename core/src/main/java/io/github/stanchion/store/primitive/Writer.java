package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Exact;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers the writes of one process, so that a write that is sent again after a lost reply is recognised as the same.
 *
 * <p>Thread-safe.
 */
public final class Writer {

    private final long node;
    private final AtomicLong sequence = new AtomicLong();

    /** @param node 1 to 2^53 - 1, another one for each process that writes to the same store */
    public Writer(long node) {
        if (Exact.require("Writer", node) < 1) {
            throw new IllegalArgumentException("Writer '" + node + "' is not positive; use a positive number");
        }
        this.node = node;
    }

    /** A writer that nobody else is, by chance: one in 2^53. */
    public static Writer random() {
        return new Writer(ThreadLocalRandom.current().nextLong(1, Exact.MAX + 1));
    }

    /** Marks one write more. */
    Mark next(long retentionMicros) {
        return new Mark(node, sequence.incrementAndGet(), retentionMicros);
    }
}
