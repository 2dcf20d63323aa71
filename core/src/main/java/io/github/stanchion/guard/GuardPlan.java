package io.github.stanchion.guard;

import java.util.List;

/**
 * The guards of one method, outermost first.
 *
 * @param guards at least one
 */
public record GuardPlan(GuardedMethod method, List<Guard> guards) {

    public GuardPlan {
        guards = List.copyOf(guards);
    }
}
