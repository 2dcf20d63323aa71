package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a value if it has the expected version. Sent again, it is recognised.
 *
 * <p>Arguments: expected, retention, node, sequence.
 *
 * @param expected 0 = there must be no value, and none is deleted
 * @param mark who writes
 */
public record ValueCompareAndDelete(long expected, Mark mark) implements Operation<ValueReply> {

    public ValueCompareAndDelete {
        ValueCompareAndSet.requireVersion(expected);
    }

    @Override
    public String name() {
        return "value.compare-and-delete";
    }

    @Override
    public long[] arguments() {
        return new long[] {expected, mark.retentionMicros(), mark.node(), mark.sequence()};
    }

    @Override
    public Transition<ValueReply> apply(@Nullable Value current, long nowMicros) {
        ItemState state = ItemState.of(current, nowMicros);
        if (state.writtenBy(mark) && !state.present()) {
            return state.alreadyWritten();
        }
        if (state.version() != expected) {
            return state.keep(false, false);
        }
        return expected == 0 ? state.keep(true, false) : state.remove(mark, false);
    }

    @Override
    public ValueReply decode(long[] reply) {
        return ValueReply.decode(reply, null);
    }
}
