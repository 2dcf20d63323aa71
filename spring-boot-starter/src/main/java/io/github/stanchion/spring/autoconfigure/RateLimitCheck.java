package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitPolicy;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Warns of rate limits that work but hardly as meant. */
final class RateLimitCheck implements GuardCheck {

    private static final Logger LOG = System.getLogger(RateLimitCheck.class.getName());
    private static final Duration LONG_FOR_A_REQUEST = Duration.ofSeconds(5);

    private final RateLimitPolicies policies;

    RateLimitCheck(RateLimitPolicies policies) {
        this.policies = policies;
    }

    @Override
    public void guarded(GuardPlan plan) {
        GuardedMethod method = plan.method();
        if (!Handlers.handlesRequests(method)) {
            return;
        }
        for (RateLimited annotation : method.annotations(RateLimited.class)) {
            String given = annotation.name().isEmpty() ? annotation.value() : annotation.name();
            policies.find(given.isEmpty() ? method.policyName() : given)
                    .ifPresent(policy -> checkHandler(method, annotation, policy));
        }
    }

    private static void checkHandler(GuardedMethod method, RateLimited annotation, RateLimitPolicy policy) {
        if (annotation.key().length == 0 && policy.settings().key() == null) {
            LOG.log(
                    Level.WARNING,
                    () -> "Rate limit '" + policy.name() + "' on " + method.displayName()
                            + " has no key, so all callers share it; set key, as in \"#ip\" or \"#principal\"");
        }
        if (policy.maxWait().compareTo(LONG_FOR_A_REQUEST) > 0) {
            LOG.log(
                    Level.WARNING,
                    () -> "Rate limit '" + policy.name() + "' on " + method.displayName()
                            + " lets requests wait for up to "
                            + policy.maxWait().toSeconds() + "s; set max-wait to 5s or less");
        }
    }

    @Override
    public void all() {
        for (String name : policies.unused()) {
            LOG.log(
                    Level.WARNING,
                    () -> "Rate limit '" + name + "' is used by no annotation; check the spelling of"
                            + " stanchion.rate-limits." + name + ", or remove it");
        }
    }
}
