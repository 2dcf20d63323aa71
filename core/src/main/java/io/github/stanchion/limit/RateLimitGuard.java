package io.github.stanchion.limit;

import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardSession;
import io.github.stanchion.guard.GuardedCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Guards the calls of one method with its rate limits: all of them, in one decision.
 *
 * <p>Thread-safe. Each call goes by the policies as they are at its beginning.
 */
public final class RateLimitGuard implements Guard {

    /** The kind of this guard. */
    public static final String KIND = "rate-limit";

    /** The largest number of rate limits that decide about one call. */
    public static final int MOST_LIMITS = 16;

    private final LimitEnvironment environment;
    private final RateLimitPolicies policies;
    private final int[] limits;

    RateLimitGuard(LimitEnvironment environment, RateLimitPolicies policies, int[] limits) {
        this.environment = environment;
        this.policies = policies;
        this.limits = limits;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public GuardSession open(GuardedCall call) {
        if (limits.length == 1) {
            BoundLimit bound = policies.bound(limits[0]);
            SingleLimitSession session = new SingleLimitSession(environment, bound.live(), call, true);
            bound.prepare(session, call);
            return session;
        }
        JointLimitSession session = new JointLimitSession(limits.length, true);
        for (int limit : limits) {
            BoundLimit bound = policies.bound(limit);
            JointLimitPart part = new JointLimitPart(environment, bound.live(), call);
            bound.prepare(part, call);
            session.add(part);
        }
        return session;
    }

    @Override
    public @Nullable Fallback fallbackFor(Throwable failure) {
        for (int limit : limits) {
            BoundLimit bound = policies.bound(limit);
            if (bound.answers(failure)) {
                return bound.fallback();
            }
        }
        return null;
    }

    /** The names of the policies that guard the method. */
    public List<String> names() {
        List<String> names = new ArrayList<>(limits.length);
        for (int limit : limits) {
            names.add(policies.bound(limit).live().policy().name());
        }
        return List.copyOf(names);
    }
}
