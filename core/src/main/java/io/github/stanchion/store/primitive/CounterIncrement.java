package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Counter;
import io.github.stanchion.store.CounterOverflowException;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a counter, within bounds; a missing one counts from 0.
 *
 * <p>A step whose count would lie outside {@code min} and {@code max} is refused and changes nothing, or, if it saturates, moves
 * the count as far as the bound allows and never against the sign of {@code delta}. A step that moves nothing creates nothing,
 * but gives an existing counter the end that {@code ttl} says. Arguments: delta, min, max (each high and low half), saturate,
 * mode and microseconds of {@code ttl}.
 *
 * @param delta any long
 * @param min the least count; {@link Long#MIN_VALUE} = unbounded, leaving the range of 64 bits is an error then
 * @param max the greatest count; {@link Long#MAX_VALUE} = unbounded
 * @param saturate whether to stop at a bound rather than to refuse
 * @param ttl when the counter ends
 */
public record CounterIncrement(long delta, long min, long max, boolean saturate, Ttl ttl)
        implements Operation<CounterReply> {

    public CounterIncrement {
        if (min > max) {
            throw new IllegalArgumentException(
                    "Least count '" + min + "' is above the greatest, '" + max + "'; no count lies between them");
        }
        if (delta != 0) {
            ttl.requireCreating();
        }
    }

    @Override
    public String name() {
        return "counter.increment";
    }

    @Override
    public long[] arguments() {
        return new long[] {
            Pair.high(delta),
            Pair.low(delta),
            Pair.high(min),
            Pair.low(min),
            Pair.high(max),
            Pair.low(max),
            saturate ? 1 : 0,
            ttl.mode(),
            ttl.micros()
        };
    }

    @Override
    public Transition<CounterReply> apply(@Nullable Value current, long nowMicros) {
        Counter there = CounterState.live(current, nowMicros);
        long count = there == null ? 0 : there.count();
        long next = count + delta;
        boolean overflow = ((count ^ next) & (delta ^ next)) < 0;
        boolean above = overflow ? delta > 0 : next > max;
        boolean below = overflow ? delta < 0 : next < min;
        if (saturate) {
            next = above && delta > 0
                    ? Math.max(count, max)
                    : below && delta < 0 ? Math.min(count, min) : count + delta;
        } else if (overflow && (delta > 0 ? max == Long.MAX_VALUE : min == Long.MIN_VALUE)) {
            throw overflow();
        } else if (above || below) {
            return CounterState.keep(false, there, nowMicros);
        }
        return CounterState.move(there, next, ttl, nowMicros);
    }

    @Override
    public CounterReply decode(long[] reply) {
        if (reply[0] == CounterReply.OVERFLOW) {
            throw overflow();
        }
        return CounterReply.decode(reply);
    }

    private CounterOverflowException overflow() {
        return new CounterOverflowException("Step '" + delta
                + "' would take a counter beyond 64 bits; it is unchanged, bound the count or saturate");
    }

    @Override
    public @Nullable Operation<?> undo(CounterReply admitted) {
        return new CounterUndo(admitted.moved(), admitted.endsAt());
    }
}
