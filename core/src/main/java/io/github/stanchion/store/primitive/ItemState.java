package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.Value;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A value's cell at one moment, and the writes that every value operation is made of.
 *
 * <p>A version is the one before plus 1, or the store's time in microseconds if that is greater. So it never repeats: while
 * the cell or its tombstone is there, it rises; once that is collected, time has passed all versions given out, as long as
 * clocks step back by less than the retention.
 */
final class ItemState {

    /** How long the highest fencing token outlives the value. */
    private static final long FENCE_MICROS = TimeUnit.HOURS.toMicros(24);

    private final @Nullable Item item;
    private final long nowMicros;

    private ItemState(@Nullable Item item, long nowMicros) {
        this.item = item;
        this.nowMicros = nowMicros;
    }

    static ItemState of(@Nullable Value current, long nowMicros) {
        if (current != null && !(current instanceof Item)) {
            throw new UnreadableStateException(
                    "State is no value with a version; it was written by something else and left untouched");
        }
        return new ItemState((Item) current, nowMicros);
    }

    boolean present() {
        return item != null && item.presentAt(nowMicros);
    }

    /** The version that a write must expect: 0 where there is no value. */
    long version() {
        return item != null && item.presentAt(nowMicros) ? item.version() : 0;
    }

    long endsAt() {
        return item != null && item.presentAt(nowMicros) ? item.endsAt() : Counter.ENDLESS;
    }

    @Nullable
    Payload payload() {
        byte[] bytes = item != null && item.presentAt(nowMicros) ? item.payload() : null;
        return bytes == null ? null : Payload.of(bytes);
    }

    /** The highest fencing token that still counts. */
    long fence() {
        return item != null && (item.presentAt(nowMicros) || item.fenceEndsAt() > nowMicros) ? item.fence() : 0;
    }

    boolean writtenBy(Mark mark) {
        return item != null && mark.wrote(item);
    }

    /** The answer to a write that was applied when it was sent before: the version it was given then. */
    Transition<ValueReply> alreadyWritten() {
        return new Transition<>(
                Effect.keep(),
                true,
                new ValueReply(true, present(), item == null ? 0 : item.version(), endsAt(), nowMicros, null));
    }

    /** Changes nothing, answers what is there. */
    Transition<ValueReply> keep(boolean admitted, boolean withPayload) {
        return new Transition<>(Effect.keep(), admitted, seen(admitted, withPayload));
    }

    /** Found nothing to change, which refuses nobody. */
    Transition<ValueReply> absent() {
        return new Transition<>(Effect.keep(), true, seen(false, false));
    }

    private ValueReply seen(boolean applied, boolean withPayload) {
        return new ValueReply(applied, present(), version(), endsAt(), nowMicros, withPayload ? payload() : null);
    }

    /** Stores a payload under a new version; answers that version, with the payload from before if wanted. */
    Transition<ValueReply> store(Payload next, Ttl ttl, Mark mark, long token, boolean withPrevious) {
        long endsAt = present() ? ttl.endOfExisting(endsAt(), nowMicros) : ttl.endOfNew(nowMicros);
        Item written = write(next.bytes(), endsAt, mark, Math.max(token, fence()));
        ValueReply reply =
                new ValueReply(true, true, written.version(), endsAt, nowMicros, withPrevious ? payload() : null);
        return new Transition<>(Effect.put(written, timeToCollection(written, mark.retentionMicros())), true, reply);
    }

    /** Removes the payload, leaves the memory of its version; answers the payload from before if wanted. */
    Transition<ValueReply> remove(Mark mark, boolean withPrevious) {
        Item tombstone = write(null, Counter.ENDLESS, mark, fence());
        ValueReply reply = new ValueReply(
                true, false, tombstone.version(), Counter.ENDLESS, nowMicros, withPrevious ? payload() : null);
        return new Transition<>(
                Effect.put(tombstone, timeToCollection(tombstone, mark.retentionMicros())), true, reply);
    }

    /** Moves a finite end, nothing else: the version stands for the payload, which stays. */
    Transition<ValueReply> renew(Ttl ttl, long retentionMicros) {
        long endsAt = ttl.endOfExisting(endsAt(), nowMicros);
        if (item == null || !present() || endsAt == item.endsAt()) {
            return keep(true, true);
        }
        Item renewed = new Item(
                item.version(),
                endsAt,
                item.writerNode(),
                item.writerSeq(),
                item.fence(),
                fenceEnd(item.fence(), endsAt),
                item.payload());
        return new Transition<>(
                Effect.put(renewed, timeToCollection(renewed, retentionMicros)),
                true,
                new ValueReply(true, true, item.version(), endsAt, nowMicros, payload()));
    }

    private Item write(byte @Nullable [] payload, long endsAt, Mark mark, long token) {
        long last = item == null ? 0 : item.version();
        if (last == Exact.MAX) {
            throw new UnreadableStateException("Version of a value has no successor; it was written by something else");
        }
        return new Item(
                Math.max(last + 1, nowMicros),
                endsAt,
                mark.node(),
                mark.sequence(),
                token,
                fenceEnd(token, endsAt),
                payload);
    }

    /** Of a value without end the token counts as long as it is there; once it is deleted this is set anew. */
    private long fenceEnd(long token, long endsAt) {
        long from = Math.max(1, endsAt == Counter.ENDLESS ? nowMicros : endsAt);
        return token == 0 ? 0 : Math.min(Exact.MAX, from + FENCE_MICROS);
    }

    private long timeToCollection(Item written, long retentionMicros) {
        boolean endless = written.presentAt(nowMicros) && written.endsAt() == Counter.ENDLESS;
        if (endless) {
            return Effect.Put.NEVER;
        }
        long left = Math.max(0, written.endsAt() - nowMicros);
        long fenceLeft = written.fence() == 0 ? 0 : written.fenceEndsAt() - nowMicros;
        return Math.max(1, Math.min(Effect.Put.LONGEST, Math.max(left + retentionMicros, fenceLeft)));
    }
}
