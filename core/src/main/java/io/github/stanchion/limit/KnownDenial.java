package io.github.stanchion.limit;

import io.github.stanchion.store.StoreKey;
import java.util.List;

/**
 * A refusal that this process remembers. Immutable.
 *
 * @param limit what the key was judged by; a changed limit judges anew
 * @param cost what was refused: nothing that costs as much or more can pass before {@code untilNanos}
 * @param reply the store's, as of {@code answeredNanos}
 * @param subject the key's fingerprint, by which resets name it
 * @param answeredNanos when the reply came
 * @param untilNanos from when on the store must be asked again
 */
record KnownDenial(
        StoreKey key,
        RateOperations limit,
        long cost,
        RateReply reply,
        long subject,
        long answeredNanos,
        long untilNanos) {

    boolean refuses(StoreKey asked, RateOperations by, long permits, long nowNanos) {
        return permits >= cost && nowNanos - untilNanos < 0 && limit.equals(by) && key.equals(asked);
    }

    /** The reply as it would be now. Time is counted from its arrival, so that nobody is told to come back too early. */
    RateReply replyAt(long nowNanos) {
        long passed = Math.max(0, nowNanos - answeredNanos) / 1_000;
        return new RateReply(
                false,
                0,
                reply.remaining(),
                Math.max(1, reply.waitMicros() - passed),
                Math.max(1, reply.fullMicros() - passed),
                false,
                List.of());
    }
}
