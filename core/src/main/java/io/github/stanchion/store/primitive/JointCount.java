package io.github.stanchion.store.primitive;

import java.util.List;

/**
 * What several increments together came to.
 *
 * @param applied whether all were applied; if not, none was
 * @param counts the counters afterwards, in the order asked for; {@link Count#applied()} of each says whether that one alone
 *     would have been
 */
public record JointCount(boolean applied, List<Count> counts) {

    public JointCount {
        counts = List.copyOf(counts);
    }
}
