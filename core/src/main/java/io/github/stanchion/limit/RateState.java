package io.github.stanchion.limit;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.Value;
import java.util.Locale;

/** What the stored states of all algorithms have in common. */
final class RateState {

    /** 2025-01-01T00:00Z: times are counted from here, so that rate times time stays small. */
    static final long EPOCH_MICROS = 1_735_689_600_000_000L;

    private RateState() {}

    static long sinceEpoch(long nowMicros) {
        return nowMicros - EPOCH_MICROS;
    }

    static Cells cells(Value current) {
        if (current instanceof Cells cells) {
            return cells;
        }
        throw unreadable("a " + current.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    }

    static UnreadableStateException unreadable(String found) {
        return new UnreadableStateException(
                "State '" + found + "' is no rate limit's; clear the key, or use another key prefix");
    }

    /** Full is absent: a state without anything to remember is not kept. */
    static Effect store(Cells next, long fullMicros) {
        return fullMicros > 0 ? Effect.put(next, fullMicros) : Effect.delete();
    }

    /** Checks that a call of {@code cost} permits can be admitted at all. */
    static void requireWithin(long capacity, long cost) {
        if (cost < 0) {
            throw new IllegalArgumentException("Cost '" + cost + "' is negative; use 0 to charge nothing");
        }
        if (cost > capacity) {
            throw new IllegalArgumentException("Cost '" + cost + "' is above the capacity " + capacity
                    + " and is never admitted; ask for less at once, or raise the capacity");
        }
    }

    static void requireDebt(long capacity, long maxDebt) {
        if (maxDebt < 0 || maxDebt > capacity) {
            throw new IllegalArgumentException("Deepest debt '" + maxDebt
                    + "' is out of range; use 0, which allows none, to " + capacity + ", the capacity");
        }
    }
}
