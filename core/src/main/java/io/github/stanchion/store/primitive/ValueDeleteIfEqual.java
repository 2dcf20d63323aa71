package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a value if its bytes are the expected ones. Sent again, it is recognised.
 *
 * <p>Arguments: retention, node, sequence; the expected bytes are the payload. Where versions are at hand,
 * {@link ValueCompareAndDelete} is cheaper and is not fooled by an equal value that somebody else wrote.
 *
 * @param mark who writes
 * @param value the expected bytes
 */
public record ValueDeleteIfEqual(Mark mark, Payload value) implements Operation<ValueReply> {

    @Override
    public String name() {
        return "value.delete-if-equal";
    }

    @Override
    public long[] arguments() {
        return new long[] {mark.retentionMicros(), mark.node(), mark.sequence()};
    }

    @Override
    public byte[] payload() {
        return value.bytes();
    }

    @Override
    public Transition<ValueReply> apply(@Nullable Value current, long nowMicros) {
        ItemState state = ItemState.of(current, nowMicros);
        if (state.writtenBy(mark) && !state.present()) {
            return state.alreadyWritten();
        }
        return value.equals(state.payload()) ? state.remove(mark, false) : state.keep(false, false);
    }

    @Override
    public ValueReply decode(long[] reply) {
        return ValueReply.decode(reply, null);
    }
}
