package io.github.stanchion.testkit;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The four operations of the kit's own: what a contract must say of any store and no operation of a guard says bare.
 *
 * <p>They live nowhere but here, so that a backend that runs operations by name knows what to supply for its tests: a twin
 * each of {@code probe.plant}, {@code probe.read}, {@code probe.add} and {@code probe.tell}. A value among arguments and in
 * replies is its {@linkplain ValueNumbers numbers}; an item's bytes travel beside them.
 */
public sealed interface Probe<R> extends Operation<R> {

    /** The kind of the keys that probes are used on, and of their signals. */
    String KIND = "probe";

    /** The topic of the signals of {@link Tell}. */
    String TOPIC = "told";

    /**
     * Makes {@code value} the key's value, whatever was there; without one deletes the key.
     *
     * <p>Arguments: time to collection, 1 if admitted, the value. Reply: 1 if admitted.
     *
     * @param admitted false for a refusal that writes bookkeeping
     */
    record Plant(@Nullable Value value, long collectAfterMicros, boolean admitted) implements Probe<Boolean> {

        @Override
        public String name() {
            return "probe.plant";
        }

        @Override
        public long[] arguments() {
            long[] numbers = ValueNumbers.of(value);
            long[] arguments = new long[numbers.length + 2];
            arguments[0] = collectAfterMicros;
            arguments[1] = admitted ? 1 : 0;
            System.arraycopy(numbers, 0, arguments, 2, numbers.length);
            return arguments;
        }

        @Override
        public byte @Nullable [] payload() {
            return ValueNumbers.payload(value);
        }

        @Override
        public Transition<Boolean> apply(@Nullable Value current, long nowMicros) {
            Effect effect = value == null ? Effect.delete() : Effect.put(value, collectAfterMicros);
            return new Transition<>(effect, admitted, admitted);
        }

        @Override
        public Boolean decode(long[] reply) {
            return reply[0] == 1;
        }
    }

    /** Looks at what lies under the key, ended or not. No arguments. Reply: the store's time, the value. */
    record Read() implements Probe<Seen> {

        @Override
        public String name() {
            return "probe.read";
        }

        @Override
        public long[] arguments() {
            return new long[0];
        }

        @Override
        public Transition<Seen> apply(@Nullable Value current, long nowMicros) {
            return new Transition<>(Effect.keep(), true, new Seen(current, nowMicros));
        }

        @Override
        public Seen decode(long[] reply) {
            return decode(reply, null);
        }

        @Override
        public Seen decode(long[] reply, byte @Nullable [] bytes) {
            return new Seen(ValueNumbers.read(reply, 1, bytes), reply[0]);
        }
    }

    /**
     * Adds to a sum in one cell unless it would exceed a bound; any other value is unreadable.
     *
     * <p>Arguments: delta, most, time to collection. Reply: 1 if admitted, the sum, the store's time.
     */
    record Add(long delta, long most, long collectAfterMicros) implements Probe<Sum> {

        @Override
        public String name() {
            return "probe.add";
        }

        @Override
        public long[] arguments() {
            return new long[] {delta, most, collectAfterMicros};
        }

        @Override
        public Transition<Sum> apply(@Nullable Value current, long nowMicros) {
            long before = 0;
            if (current instanceof Cells cells && cells.size() == 1) {
                before = cells.get(0);
            } else if (current != null) {
                throw new UnreadableStateException("State is not a sum in one cell; it was written by something else");
            }
            long after = before + delta;
            return after > most
                    ? new Transition<>(Effect.keep(), false, new Sum(false, before, nowMicros))
                    : new Transition<>(
                            Effect.put(Cells.of(after), collectAfterMicros), true, new Sum(true, after, nowMicros));
        }

        @Override
        public Sum decode(long[] reply) {
            return new Sum(reply[0] == 1, reply[1], reply[2]);
        }

        @Override
        public Operation<?> undo(Sum admitted) {
            return new Add(-delta, Long.MAX_VALUE >> 11, collectAfterMicros);
        }
    }

    /** Writes a number into one cell and tells subscribers. Arguments: the number, time to collection. Reply: the number. */
    record Tell(long number, long collectAfterMicros) implements Probe<Long> {

        @Override
        public String name() {
            return "probe.tell";
        }

        @Override
        public long[] arguments() {
            return new long[] {number, collectAfterMicros};
        }

        @Override
        public Transition<Long> apply(@Nullable Value current, long nowMicros) {
            return new Transition<>(
                    Effect.put(Cells.of(number), collectAfterMicros),
                    true,
                    number,
                    List.of(new Signal(KIND, TOPIC, List.of(number))));
        }

        @Override
        public Long decode(long[] reply) {
            return reply[0];
        }
    }

    /** What {@link Read} saw: the value, null if there is none, and the store's time. */
    record Seen(@Nullable Value value, long nowMicros) {}

    /** What {@link Add} came to: whether it added, the sum afterwards, and the store's time. */
    record Sum(boolean admitted, long total, long nowMicros) {}
}
