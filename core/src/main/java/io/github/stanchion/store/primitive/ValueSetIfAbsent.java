package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Stores a value where there is none; whoever comes too late changes nothing, the end included.
 *
 * <p>Sent again, it is recognised. Arguments: retention, node, sequence, withCurrent, mode and microseconds of {@code ttl}; the
 * value is the payload.
 *
 * @param ttl when the value ends
 * @param mark who writes
 * @param withCurrent whether to bring along what is in the way
 * @param value the bytes
 */
public record ValueSetIfAbsent(Ttl ttl, Mark mark, boolean withCurrent, Payload value)
        implements Operation<ValueReply> {

    public ValueSetIfAbsent {
        ttl.requireCreating();
    }

    @Override
    public String name() {
        return "value.set-if-absent";
    }

    @Override
    public long[] arguments() {
        return new long[] {
            mark.retentionMicros(), mark.node(), mark.sequence(), withCurrent ? 1 : 0, ttl.mode(), ttl.micros()
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
        return state.present() ? state.keep(false, withCurrent) : state.store(value, ttl, mark, 0, false);
    }

    @Override
    public ValueReply decode(long[] reply) {
        return ValueReply.decode(reply, null);
    }

    @Override
    public ValueReply decode(long[] reply, byte @Nullable [] bytes) {
        return ValueReply.decode(reply, bytes);
    }

    @Override
    public Operation<?> undo(ValueReply admitted) {
        return new ValueCompareAndDelete(admitted.version(), new Mark(0, 0, mark.retentionMicros()));
    }
}
