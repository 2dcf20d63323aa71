package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Item;

/**
 * What every write to a value carries: who writes, and how long its version is remembered after the value has gone.
 *
 * @param node the writer, 0 for one who does not name itself: its writes are never recognised as sent again
 * @param sequence which of the writer's writes it is
 * @param retentionMicros how long a deleted or ended value keeps its version, at least 1
 */
public record Mark(long node, long sequence, long retentionMicros) {

    public Mark {
        Exact.require("Writer", node);
        Exact.require("Write number", sequence);
        if (retentionMicros < 1 || retentionMicros > Effect.Put.LONGEST / 2) {
            throw new IllegalArgumentException("Retention '" + retentionMicros
                    + "' us is out of range; keep versions for 1 us to 50 years, 10 minutes if in doubt");
        }
    }

    /** Whether the item was last written by this very write. */
    boolean wrote(Item item) {
        return node != 0 && item.writerNode() == node && item.writerSeq() == sequence;
    }
}
