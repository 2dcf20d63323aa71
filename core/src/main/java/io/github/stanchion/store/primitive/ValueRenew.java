package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value and moves its end, if it has one; creates nothing and keeps the version, as the value stays.
 *
 * <p>Arguments: retention, mode and microseconds of {@code ttl}.
 *
 * @param ttl how the end moves
 * @param retentionMicros how long an ended value keeps its version
 */
public record ValueRenew(Ttl ttl, long retentionMicros) implements Operation<ValueReply> {

    @Override
    public String name() {
        return "value.renew";
    }

    @Override
    public long[] arguments() {
        return new long[] {retentionMicros, ttl.mode(), ttl.micros()};
    }

    @Override
    public Transition<ValueReply> apply(@Nullable Value current, long nowMicros) {
        return ItemState.of(current, nowMicros).renew(ttl, retentionMicros);
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
