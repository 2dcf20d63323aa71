package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a value, whatever it is; applied if there was one. Sent again, it is recognised, but brings nothing along.
 *
 * <p>Arguments: retention, node, sequence, withPrevious. Refuses no joint decision.
 *
 * @param mark who writes
 * @param withPrevious whether to bring along what was there
 */
public record ValueDelete(Mark mark, boolean withPrevious) implements Operation<ValueReply> {

    @Override
    public String name() {
        return "value.delete";
    }

    @Override
    public long[] arguments() {
        return new long[] {mark.retentionMicros(), mark.node(), mark.sequence(), withPrevious ? 1 : 0};
    }

    @Override
    public Transition<ValueReply> apply(@Nullable Value current, long nowMicros) {
        ItemState state = ItemState.of(current, nowMicros);
        if (state.present()) {
            return state.remove(mark, withPrevious);
        }
        return state.writtenBy(mark) ? state.alreadyWritten() : state.absent();
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
