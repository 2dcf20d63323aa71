package io.github.stanchion.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A versioned cell: bytes, or the memory of bytes that were there, under a version that never repeats.
 *
 * <p>Immutable. A deleted or ended item keeps its version for a while (a tombstone), so that a version seen before is never
 * given to other bytes. The writer identifies who wrote last, so that the same write, sent again after a lost reply, is
 * recognised. The fence is the highest token that a fenced write has shown.
 */
public final class Item implements Value {

    /** The largest payload in bytes, 1 MiB. */
    public static final int LARGEST = 1 << 20;

    private final long version;
    private final long endsAt;
    private final long writerNode;
    private final long writerSeq;
    private final long fence;
    private final long fenceEndsAt;
    private final byte @Nullable [] payload;

    /**
     * @param version at least 1
     * @param endsAt store time in microseconds from which on the payload is absent; 0 = never
     * @param writerNode who wrote last; 0 if the writer did not name itself
     * @param writerSeq which write of that writer it was
     * @param fence the highest fencing token seen; 0 = none
     * @param fenceEndsAt store time until which the fence is remembered; 0 without a fence
     * @param payload the bytes, null for a tombstone; copied
     */
    public Item(
            long version,
            long endsAt,
            long writerNode,
            long writerSeq,
            long fence,
            long fenceEndsAt,
            byte @Nullable [] payload) {
        this.version = positive("Version", version, 1);
        this.endsAt = positive("End of an item", endsAt, 0);
        this.writerNode = Exact.require("Writer", writerNode);
        this.writerSeq = Exact.require("Write number", writerSeq);
        this.fence = positive("Fence", fence, 0);
        this.fenceEndsAt = positive("End of a fence", fenceEndsAt, 0);
        if (payload != null && payload.length > LARGEST) {
            throw new IllegalArgumentException(
                    "Payload of '" + payload.length + "' bytes is too large; store at most " + LARGEST);
        }
        this.payload = payload == null ? null : payload.clone();
    }

    private static long positive(String what, long n, long least) {
        if (Exact.require(what, n) < least) {
            throw new IllegalArgumentException(what + " '" + n + "' is too small; use " + least + " or more");
        }
        return n;
    }

    public long version() {
        return version;
    }

    public long endsAt() {
        return endsAt;
    }

    public long writerNode() {
        return writerNode;
    }

    public long writerSeq() {
        return writerSeq;
    }

    public long fence() {
        return fence;
    }

    public long fenceEndsAt() {
        return fenceEndsAt;
    }

    /** A copy of the bytes, null for a tombstone. */
    public byte @Nullable [] payload() {
        return payload == null ? null : payload.clone();
    }

    /** Whether there is a payload that has not ended at {@code nowMicros}. */
    public boolean presentAt(long nowMicros) {
        return payload != null && (endsAt == Counter.ENDLESS || endsAt > nowMicros);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Item that
                && version == that.version
                && endsAt == that.endsAt
                && writerNode == that.writerNode
                && writerSeq == that.writerSeq
                && fence == that.fence
                && fenceEndsAt == that.fenceEndsAt
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(version) * 31 + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "Item[version=" + version + ", endsAt=" + endsAt + ", writer=" + writerNode + "/" + writerSeq
                + ", fence=" + fence + "/" + fenceEndsAt + ", "
                + (payload == null ? "tombstone" : payload.length + " bytes") + "]";
    }
}
