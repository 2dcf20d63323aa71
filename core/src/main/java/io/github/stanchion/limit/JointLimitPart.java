package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardedCall;
import org.jspecify.annotations.Nullable;

/** One of the limits that decide about a call together. */
final class JointLimitPart extends LimitUse {

    private boolean waiting;

    JointLimitPart(LimitEnvironment environment, LiveLimit live, @Nullable GuardedCall call) {
        super(environment, live, call);
    }

    /** Whether it takes on what {@code next} asks, as both are of one subject: one question for the sum. */
    boolean absorbs(JointLimitPart next) {
        if (next.isDecided() || !isOfSameSubjectAs(next)) {
            return false;
        }
        askFor(next.permits());
        return true;
    }

    /** Takes a place among those who wait for this limit; false if there is none. */
    boolean enter() {
        waiting = state().enter(policy().maxWaiters());
        return waiting;
    }

    void leave() {
        if (waiting) {
            waiting = false;
            state().leave();
        }
    }
}
