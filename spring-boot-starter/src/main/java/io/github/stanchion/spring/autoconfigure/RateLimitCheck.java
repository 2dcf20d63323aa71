package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitPolicy;
import java.time.Duration;
import java.util.function.Consumer;

/** Warns of rate limits that work but hardly as meant. */
final class RateLimitCheck implements GuardCheck {

    private static final Duration LONG_FOR_A_REQUEST = Duration.ofSeconds(5);

    private final RateLimitPolicies policies;

    RateLimitCheck(RateLimitPolicies policies) {
        this.policies = policies;
    }

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        GuardedMethod method = plan.method();
        if (!Handlers.handlesRequests(method)) {
            return;
        }
        for (RateLimited annotation : method.annotations(RateLimited.class)) {
            String given = annotation.name().isEmpty() ? annotation.value() : annotation.name();
            policies.find(given.isEmpty() ? method.policyName() : given)
                    .ifPresent(policy -> checkHandler(method, annotation, policy, warnings));
        }
    }

    private static void checkHandler(
            GuardedMethod method, RateLimited annotation, RateLimitPolicy policy, Consumer<String> warnings) {
        if (annotation.key().length == 0 && policy.settings().key() == null) {
            warnings.accept("Rate limit '" + policy.name() + "' on " + method.displayName()
                    + " has no key, so all callers share it; set key, as in \"#ip\" or \"#principal\"");
        }
        if (policy.maxWait().compareTo(LONG_FOR_A_REQUEST) > 0) {
            warnings.accept("Rate limit '" + policy.name() + "' on " + method.displayName()
                    + " lets requests wait for up to "
                    + policy.maxWait().toSeconds() + "s; set max-wait to 5s or less");
        }
    }

    @Override
    public void all(Consumer<String> warnings) {
        for (String name : policies.unused()) {
            warnings.accept("Rate limit '" + name + "' is used by no annotation; check the spelling of"
                    + " stanchion.rate-limits." + name + ", or remove it");
        }
    }
}
