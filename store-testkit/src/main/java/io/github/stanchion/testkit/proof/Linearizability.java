package io.github.stanchion.testkit.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * For each key there is an order in which its operations can have happened one after the other, each between its start and its
 * end; unknown ones at any time after their start, or never.
 *
 * <p>The search is that of Wing and Gong with Lowe's memory. It ends after {@code mostSteps} for a key, which then counts as a
 * violation: an undecided history proves nothing.
 *
 * @param mostSteps how many operations may be tried for one key
 */
public record Linearizability<S>(SequentialModel<S> model, int mostSteps) implements Check {

    private static final int STEPS = 1_000_000;

    public Linearizability {
        if (mostSteps <= 0) {
            throw new IllegalArgumentException("Number of steps '" + mostSteps + "' is not positive; use 1 or more");
        }
    }

    /** With a million steps. */
    public Linearizability(SequentialModel<S> model) {
        this(model, STEPS);
    }

    @Override
    public List<Violation> violations(History history) {
        List<Violation> found = new ArrayList<>();
        history.byKey(model.actions().toArray(Action[]::new)).forEach((key, events) -> {
            Violation violation = new OrderSearch<>(model, key, model.complete(events), mostSteps).violation();
            if (violation != null) {
                found.add(violation);
            }
        });
        return found;
    }
}
