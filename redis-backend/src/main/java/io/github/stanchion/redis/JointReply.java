package io.github.stanchion.redis;

import java.util.List;

/**
 * What a joint decision of one slot came to.
 *
 * @param admitted whether all effects were applied; if not, nothing changed
 * @param steps what each step answered, in their order
 */
record JointReply(boolean admitted, List<Step<?>> steps) {

    JointReply {
        steps = List.copyOf(steps);
    }

    /**
     * One step's answer, on the state before the decision.
     *
     * @param admitted what the step itself said, whether or not it is advisory; with the decision admitted, its effect was
     *     applied if this is true
     */
    record Step<R>(boolean admitted, R result) {}
}
