package io.github.stanchion.store.primitive;

import org.jspecify.annotations.Nullable;

/**
 * What a value operation answers.
 *
 * <p>As numbers, from a twin: {@code applied, present, version, endsAt, now}, flags as 0 or 1; the payload beside them.
 *
 * @param applied whether the step was applied rather than refused
 * @param present whether there is a value after the step
 * @param version after a write the version it was given; else that of the value there is, 0 if there is none
 * @param endsAt when the value ends, in store time; 0 if never or if there is none
 * @param nowMicros the store's time
 * @param payload the value read, replaced, removed or in the way, if the operation asked for it and there was one
 */
public record ValueReply(
        boolean applied, boolean present, long version, long endsAt, long nowMicros, @Nullable Payload payload) {

    static ValueReply decode(long[] reply, byte @Nullable [] bytes) {
        return new ValueReply(
                reply[0] == 1, reply[1] == 1, reply[2], reply[3], reply[4], bytes == null ? null : Payload.of(bytes));
    }

    TimeLeft timeLeft() {
        return present ? TimeLeft.until(endsAt, nowMicros) : new TimeLeft.Missing();
    }

    VersionedValue read() {
        return new VersionedValue(present ? version : 0, payload, timeLeft());
    }

    Replacement replacement() {
        return applied ? new Replacement.Stored(version) : new Replacement.Conflict(present ? version : 0, payload);
    }
}
