package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Counter;
import org.jspecify.annotations.Nullable;

/**
 * What a counter operation answers.
 *
 * <p>As numbers, from a twin: {@code applied, existed, exists, countHigh, countLow, movedHigh, movedLow, endedAt, endsAt, now},
 * flags as 0 or 1; applied is 2 if the count would have left the range of 64 bits.
 *
 * @param applied whether the step was applied rather than refused
 * @param existed whether there was a counter before
 * @param exists whether there is one after
 * @param count the count after; 0 if there is none
 * @param moved by how much the step moved it
 * @param endedAt the end it had, in store time; 0 if it had none or did not exist
 * @param endsAt the end it has now; 0 if it has none or does not exist
 * @param nowMicros the store's time
 */
public record CounterReply(
        boolean applied,
        boolean existed,
        boolean exists,
        long count,
        long moved,
        long endedAt,
        long endsAt,
        long nowMicros) {

    static final int OVERFLOW = 2;

    /** The answer of a step that left things as they were. */
    static CounterReply unchanged(boolean applied, @Nullable Counter there, long nowMicros) {
        return there == null
                ? new CounterReply(applied, false, false, 0, 0, 0, 0, nowMicros)
                : new CounterReply(applied, true, true, there.count(), 0, there.endsAt(), there.endsAt(), nowMicros);
    }

    static CounterReply decode(long[] reply) {
        return new CounterReply(
                reply[0] == 1,
                reply[1] == 1,
                reply[2] == 1,
                Pair.join(reply[3], reply[4]),
                Pair.join(reply[5], reply[6]),
                reply[7],
                reply[8],
                reply[9]);
    }

    /** What there is now. */
    Count after() {
        return new Count(
                count,
                exists ? TimeLeft.until(endsAt, nowMicros) : new TimeLeft.Missing(),
                exists && !existed,
                applied);
    }

    /** What there was before: what there still is if a joint decision did not go through. */
    Count before() {
        return new Count(
                count - moved, existed ? TimeLeft.until(endedAt, nowMicros) : new TimeLeft.Missing(), false, applied);
    }
}
