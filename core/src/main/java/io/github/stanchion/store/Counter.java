package io.github.stanchion.store;

/**
 * One signed 64-bit count.
 *
 * @param count any long
 * @param endsAt store time in microseconds from which on the counter is absent; {@link #ENDLESS} = never
 */
public record Counter(long count, long endsAt) implements Value {

    /** The end of a value that has none. */
    public static final long ENDLESS = 0;

    public Counter {
        Exact.require("End of a counter", endsAt);
        if (endsAt < 0) {
            throw new IllegalArgumentException("End of a counter '" + endsAt + "' is negative; use 0 for no end");
        }
    }

    /** Whether the counter counts as absent at {@code nowMicros}. */
    public boolean endedAt(long nowMicros) {
        return endsAt != ENDLESS && endsAt <= nowMicros;
    }
}
