package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Stores a value if the one there has the expected version; its bytes are neither sent nor compared, whatever their size.
 *
 * <p>Sent again, it is recognised: the same version is answered. Arguments: expected, retention, node, sequence, withCurrent,
 * mode and microseconds of {@code ttl}; the value is the payload.
 *
 * @param expected 0 = there must be no value
 * @param ttl when the value ends; may keep the end unless {@code expected} is 0
 * @param mark who writes
 * @param withCurrent whether to bring along what is in the way, if it has at most {@value #LARGEST_CURRENT} bytes
 * @param value the bytes
 */
public record ValueCompareAndSet(long expected, Ttl ttl, Mark mark, boolean withCurrent, Payload value)
        implements Operation<ValueReply> {

    /** The largest value, in bytes, that a conflict brings along. */
    public static final int LARGEST_CURRENT = 4_096;

    public ValueCompareAndSet {
        requireVersion(expected);
        if (expected == 0) {
            ttl.requireCreating();
        }
    }

    static long requireVersion(long expected) {
        if (Exact.require("Version", expected) < 0) {
            throw new IllegalArgumentException(
                    "Version '" + expected + "' is negative; use one that was read, or 0 to expect no value");
        }
        return expected;
    }

    @Override
    public String name() {
        return "value.compare-and-set";
    }

    @Override
    public long[] arguments() {
        return new long[] {
            expected,
            mark.retentionMicros(),
            mark.node(),
            mark.sequence(),
            withCurrent ? 1 : 0,
            ttl.mode(),
            ttl.micros()
        };
    }

    @Override
    public byte[] payload() {
        return value.bytes();
    }

    @Override
    public Transition<ValueReply> apply(@Nullable Value current, long nowMicros) {
        ItemState state = ItemState.of(current, nowMicros);
        if (state.writtenBy(mark)) {
            return state.alreadyWritten();
        }
        if (state.version() == expected) {
            return state.store(value, ttl, mark, 0, false);
        }
        Payload there = state.payload();
        return state.keep(false, withCurrent && there != null && there.size() <= LARGEST_CURRENT);
    }

    @Override
    public ValueReply decode(long[] reply) {
        return ValueReply.decode(reply, null);
    }

    @Override
    public ValueReply decode(long[] reply, byte @Nullable [] bytes) {
        return ValueReply.decode(reply, bytes);
    }
}
