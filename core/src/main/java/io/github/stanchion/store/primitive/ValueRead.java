package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value's version and end, and its payload if asked for, in one step: never torn. Arguments: withPayload.
 *
 * @param withPayload whether to bring the payload along
 */
public record ValueRead(boolean withPayload) implements Operation<ValueReply> {

    @Override
    public String name() {
        return "value.read";
    }

    @Override
    public long[] arguments() {
        return new long[] {withPayload ? 1 : 0};
    }

    @Override
    public Transition<ValueReply> apply(@Nullable Value current, long nowMicros) {
        return ItemState.of(current, nowMicros).keep(true, withPayload);
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
