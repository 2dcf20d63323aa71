package io.github.stanchion.store;

import java.util.List;

/**
 * What an operation decided: the effect on the key, whether it was admitted, and the caller's result.
 *
 * <p>A refused transition charges nothing. It may {@link Effect.Put put} bookkeeping that grants nothing, such as a
 * re-anchored clock: a single {@code execute} writes that, a joint step drops it.
 *
 * @param effect what becomes of the key's value
 * @param admitted whether a joint decision may go through as far as this step is concerned
 * @param result what the caller learns
 * @param signals sent once the effect is visible; at most eight
 */
public record Transition<R>(Effect effect, boolean admitted, R result, List<Signal> signals) {

    public Transition {
        signals = List.copyOf(signals);
        if (signals.size() > 8) {
            throw new IllegalArgumentException("Signals of a transition '" + signals.size()
                    + "' are too many; send at most 8, a listener reads the rest from the store");
        }
    }

    /** A transition that sends no signal. */
    public Transition(Effect effect, boolean admitted, R result) {
        this(effect, admitted, result, List.of());
    }
}
