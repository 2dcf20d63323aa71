package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.store.StoreKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the requests of the facade, where caller's arguments stand for expressions. */
final class FacadeRequest {

    private FacadeRequest() {}

    static LimitRequest of(
            LimitEnvironment environment, LiveLimit live, @Nullable Object key, long cost, SettlementRule rule) {
        RateLimitPolicy policy = live.policy();
        if (cost < 0) {
            throw new IllegalArgumentException(
                    "Cost '" + cost + "' of rate limit '" + policy.name() + "' is negative; use 0 to charge nothing");
        }
        if (policy.mode() == GuardMode.OFF) {
            return LimitRequest.decided(live.state(), policy, RateOutcome.SKIPPED);
        }
        if (environment.plans() != RateLimitResolver.NONE) {
            List<String> parts = policy.partsOf(key);
            policy = parts == null ? policy : BoundLimit.resolve(environment.plans(), parts, policy);
        }
        StoreKey subject = policy.subject(key);
        return subject == null
                ? withoutKey(environment, live, policy, cost, rule)
                : LimitRequest.of(live.state(), policy, subject, cost, rule);
    }

    private static LimitRequest withoutKey(
            LimitEnvironment environment, LiveLimit live, RateLimitPolicy policy, long cost, SettlementRule rule) {
        LimitRequest.tellMissingKey(environment, policy);
        return switch (policy.onMissingKey()) {
            case SHARED -> LimitRequest.of(live.state(), policy, policy.keyOf(List.of()), cost, rule);
            case DENY -> LimitRequest.decided(live.state(), policy, RateOutcome.BLOCKED);
            case SKIP -> LimitRequest.decided(live.state(), policy, RateOutcome.SKIPPED);
        };
    }

    static List<LimitRequest> all(LimitEnvironment environment, RateLimitPolicies policies, List<RateLimitAsk> asks) {
        if (asks.isEmpty() || asks.size() > RateLimitGuard.MOST_LIMITS) {
            throw new IllegalArgumentException("Number of limits asked '" + asks.size() + "' is out of range; ask 1 to "
                    + RateLimitGuard.MOST_LIMITS + " at once");
        }
        List<LimitRequest> requests = new ArrayList<>(asks.size());
        for (RateLimitAsk ask : asks) {
            RateLimitPolicy policy = ask.policy();
            LiveLimit live = policy == null ? policies.live(ask.name()) : policies.live(policy);
            LimitRequest.add(requests, of(environment, live, ask.key(), ask.cost(), SettlementRule.NONE));
        }
        return requests;
    }
}
