package io.github.stanchion.lock;

import io.github.stanchion.store.primitive.Mark;
import io.github.stanchion.store.primitive.Payload;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.store.primitive.ValuePut;
import io.github.stanchion.store.primitive.ValueReply;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A single-flight result as it lies in the store: how long it is kept, in microseconds, then the codec's bytes.
 *
 * <p>What ends at E and is kept for K was completed at E - K, by the store's clock.
 */
final class FlightResult {

    /** So long callers that waited may take to fetch it, after it has ceased to serve new ones. */
    private static final long FETCH_MICROS = 10_000_000;

    private final long ageMicros;
    private final byte[] bytes;

    /** @param ageMicros how long ago it was completed, by the store's clock */
    private FlightResult(long ageMicros, byte[] bytes) {
        this.ageMicros = ageMicros;
        this.bytes = bytes;
    }

    /** Puts a result that has just been completed. */
    static ValuePut put(LockPolicy policy, LockOwner writer, byte[] encoded) {
        long keptMicros = policy.shareMicros() + FETCH_MICROS;
        Payload payload = Payload.of(ByteBuffer.allocate(Long.BYTES + encoded.length)
                .putLong(keptMicros)
                .put(encoded)
                .array());
        return new ValuePut(
                0,
                Ttl.of(Duration.ofNanos(keptMicros * 1_000)),
                new Mark(writer.node(), writer.sequence(), 1),
                false,
                payload);
    }

    /** The result that was read, null if there is none. */
    static @Nullable FlightResult of(ValueReply reply) {
        if (!reply.present() || reply.payload() == null) {
            return null;
        }
        ByteBuffer stored = ByteBuffer.wrap(reply.payload().bytes());
        long completedAt = reply.endsAt() - stored.getLong();
        byte[] bytes = new byte[stored.remaining()];
        stored.get(bytes);
        return new FlightResult(reply.nowMicros() - completedAt, bytes);
    }

    /** The codec's. */
    byte[] bytes() {
        return bytes;
    }

    /** Whether it serves a caller that came so long ago: one that was there in time for it. */
    boolean serves(long waitedMicros, LockPolicy policy) {
        return ageMicros - waitedMicros < policy.shareMicros();
    }
}
