package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Counter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** How long something will be there yet, by the store's clock, when the store answered. */
public sealed interface TimeLeft {

    /** Nothing is there. */
    record Missing() implements TimeLeft {}

    /** It does not end by itself. */
    record Endless() implements TimeLeft {}

    /**
     * It ends.
     *
     * @param left positive; a value with 300 ms left is absent for everybody 300 ms later
     */
    record Remaining(Duration left) implements TimeLeft {}

    /** The time left of what is there and ends at {@code endsAt}. */
    static TimeLeft until(long endsAt, long nowMicros) {
        return endsAt == Counter.ENDLESS
                ? new Endless()
                : new Remaining(Duration.of(endsAt - nowMicros, ChronoUnit.MICROS));
    }
}
