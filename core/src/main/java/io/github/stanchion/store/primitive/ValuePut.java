package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Stores a value, whatever was there, unless a greater fencing token has been seen.
 *
 * <p>The greatest token of all fenced writes outlives the value's end and deletion by 24 hours. A write without a token is
 * never refused. Sent again, it is recognised and changes nothing. Arguments: fence, retention, node, sequence, withPrevious,
 * mode and microseconds of {@code ttl}; the value is the payload.
 *
 * @param fence the writer's fencing token; 0 = none
 * @param ttl when the value ends
 * @param mark who writes
 * @param withPrevious whether to bring along what was there
 * @param value the bytes
 */
public record ValuePut(long fence, Ttl ttl, Mark mark, boolean withPrevious, Payload value)
        implements Operation<ValueReply> {

    public ValuePut {
        if (Exact.require("Fencing token", fence) < 0) {
            throw new IllegalArgumentException("Fencing token '" + fence + "' is negative; use the one of the lock");
        }
        ttl.requireCreating();
    }

    @Override
    public String name() {
        return "value.put";
    }

    @Override
    public long[] arguments() {
        return new long[] {
            fence, mark.retentionMicros(), mark.node(), mark.sequence(), withPrevious ? 1 : 0, ttl.mode(), ttl.micros()
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
        return fence != 0 && fence < state.fence()
                ? state.keep(false, false)
                : state.store(value, ttl, mark, fence, withPrevious);
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
