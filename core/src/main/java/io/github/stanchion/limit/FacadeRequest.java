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
        policy = resolved(use.environment().plans(), policy, key);
        StoreKey subject = policy.subject(key);
        if (subject != null) {
            use.ask(policy, subject, cost, rule);
        } else if (use.sharesWithoutKey(policy)) {
            use.ask(policy, policy.keyOf(List.of()), cost, rule);
        }
    }

    /** The policy that decides about this subject. */
    static RateLimitPolicy resolved(RateLimitResolver plans, RateLimitPolicy policy, @Nullable Object key) {
        if (plans == RateLimitResolver.NONE) {
            return policy;
        }
        List<String> parts = key instanceof StoreKey known ? known.subject() : policy.partsOf(key);
        return parts == null ? policy : BoundLimit.resolve(plans, parts, policy);
    }
}
