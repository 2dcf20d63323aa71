package io.github.stanchion.limit;

import java.util.ArrayList;
import java.util.List;

/**
 * What one decision of a rate limit answered. Figures of a limit of 2 per minute, asked three times at one instant.
 *
 * @param admitted true, true, false
 * @param taken permits charged: 1, 1, 0; of a bucket asked for more than it must give, anything up to that
 * @param remaining whole permits left, of the tightest bandwidth: 1, 0, 0; negative in debt
 * @param waitMicros 0, 0, 30,000,000: how long until the call may run if admitted, else until it would have been admitted
 * @param fullMicros 30,000,000, then 60,000,000 twice: how long until all is back
 * @param repaired true if a clock that stepped back had left the state impossible; a joint step drops the repair, so ask
 *     again alone, with cost 0
 * @param stamp what identifies the state that was charged: empty for a bucket, one number per bandwidth of an interval, the
 *     window's number, the log entry's time
 */
public record RateReply(
        boolean admitted,
        long taken,
        long remaining,
        long waitMicros,
        long fullMicros,
        boolean repaired,
        List<Long> stamp) {

    /** The stamp of a bucket. */
    static final List<Long> NO_STAMP = List.of();

    private static final int FIXED = 6;

    @SuppressWarnings("ReferenceEquality") // told by identity, replies of buckets are small enough to be compiled away
    public RateReply {
        stamp = stamp == NO_STAMP ? NO_STAMP : List.copyOf(stamp);
    }

    RateReply copy() {
        return new RateReply(admitted, taken, remaining, waitMicros, fullMicros, repaired, stamp);
    }

    /** A twin's numbers in the order of the components, booleans as 1 or 0. */
    static RateReply decode(long[] reply) {
        List<Long> stamp = new ArrayList<>(reply.length - FIXED);
        for (int i = FIXED; i < reply.length; i++) {
            stamp.add(reply[i]);
        }
        return new RateReply(reply[0] != 0, reply[1], reply[2], reply[3], reply[4], reply[5] != 0, stamp);
    }
}
