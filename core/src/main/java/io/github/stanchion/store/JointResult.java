package io.github.stanchion.store;

import java.util.List;

/**
 * What a joint decision came to.
 *
 * @param admitted whether all effects were applied; if not, nothing changed anywhere
 * @param results what each step answered, in the order of the steps, each judged on the state before the decision
 */
public record JointResult(boolean admitted, List<?> results) {

    public JointResult {
        results = List.copyOf(results);
    }
}
