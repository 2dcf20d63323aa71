package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.NotACounterException;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/** What counter operations share: what counts as a counter, and how one is written. */
final class CounterState {

    private CounterState() {}

    /** The counter that is there at this time, null if none is or it has ended. */
    static @Nullable Counter live(@Nullable Value current, long nowMicros) {
        if (current == null) {
            return null;
        }
        if (current instanceof Counter counter) {
            return counter.endedAt(nowMicros) ? null : counter;
        }
        throw new NotACounterException("Value is not a counter; it was written by something else and left untouched");
    }

    /** A step that changes nothing. */
    static Transition<CounterReply> keep(boolean admitted, @Nullable Counter there, long nowMicros) {
        return new Transition<>(Effect.keep(), admitted, CounterReply.unchanged(admitted, there, nowMicros));
    }

    /** A step to {@code next}, which creates nothing if that is where a missing counter stands already. */
    static Transition<CounterReply> move(@Nullable Counter there, long next, Ttl ttl, long nowMicros) {
        return there == null && next == 0 ? keep(true, null, nowMicros) : set(there, next, ttl, nowMicros);
    }

    static Transition<CounterReply> set(@Nullable Counter there, long next, Ttl ttl, long nowMicros) {
        long count = there == null ? 0 : there.count();
        long endedAt = there == null ? Counter.ENDLESS : there.endsAt();
        long endsAt = there == null ? ttl.endOfNew(nowMicros) : ttl.endOfExisting(endedAt, nowMicros);
        CounterReply reply =
                new CounterReply(true, there != null, true, next, next - count, endedAt, endsAt, nowMicros);
        boolean same = there != null && next == count && endsAt == endedAt;
        return new Transition<>(same ? Effect.keep() : put(next, endsAt, nowMicros), true, reply);
    }

    private static Effect put(long count, long endsAt, long nowMicros) {
        return Effect.put(new Counter(count, endsAt), timeToEnd(endsAt, nowMicros));
    }

    /** How long a store must keep what ends then. */
    static long timeToEnd(long endsAt, long nowMicros) {
        return endsAt == Counter.ENDLESS
                ? Effect.Put.NEVER
                : Math.max(1, Math.min(Effect.Put.LONGEST, endsAt - nowMicros));
    }
}
