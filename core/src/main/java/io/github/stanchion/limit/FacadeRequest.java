package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the facade asks, where caller's arguments stand for expressions. */
final class FacadeRequest {

    private FacadeRequest() {}

    /** Tells a use of a limit what the caller asks for. */
    static void prepare(LimitUse use, @Nullable Object key, long cost, SettlementRule rule) {
        RateLimitPolicy policy = use.policy();
        if (cost < 0) {
            throw new IllegalArgumentException(
                    "Cost '" + cost + "' of rate limit '" + policy.name() + "' is negative; use 0 to charge nothing");
        }
        if (policy.mode() == GuardMode.OFF) {
            use.decide(policy, RateOutcome.SKIPPED);
            return;
        }
        RateLimitResolver plans = use.environment().plans();
        if (plans != RateLimitResolver.NONE) {
            List<String> parts = policy.partsOf(key);
            policy = parts == null ? policy : BoundLimit.resolve(plans, parts, policy);
        }
        StoreKey subject = policy.subject(key);
        if (subject != null) {
            use.ask(policy, subject, cost, rule);
        } else if (use.sharesWithoutKey(policy)) {
            use.ask(policy, policy.keyOf(List.of()), cost, rule);
        }
    }
}
