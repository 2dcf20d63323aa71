package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call asks of one limit.
 *
 * @param policy as the call's plan has it
 * @param key null if the call is not limited, and no store is asked
 * @param permits what it costs
 * @param outcome what is clear without asking, null if the store decides
 */
record LimitRequest(
        LimitState state,
        RateLimitPolicy policy,
        @Nullable StoreKey key,
        long permits,
        SettlementRule rule,
        @Nullable RateOutcome outcome) {

    /** Asks for permits, unless policy and cost alone say what comes of it. */
    static LimitRequest of(LimitState state, RateLimitPolicy policy, StoreKey key, long permits, SettlementRule rule) {
        return new LimitRequest(state, policy, key, permits, rule, foregone(policy, permits));
    }

    /** Asks for nothing: the call is not limited, or admitted by nothing. */
    static LimitRequest decided(LimitState state, RateLimitPolicy policy, RateOutcome outcome) {
        RateOutcome shown =
                outcome.isAdmitted() || policy.mode() != GuardMode.SHADOW ? outcome : RateOutcome.SHADOW_REJECTED;
        return new LimitRequest(state, policy, null, 0, SettlementRule.NONE, shown);
    }

    /** Adds a request to those of the same call; what is asked twice of one subject is asked once, for the sum. */
    static void add(List<LimitRequest> requests, LimitRequest next) {
        for (int i = 0; i < requests.size(); i++) {
            LimitRequest other = requests.get(i);
            if (next.key() != null && next.outcome() == null && next.key().equals(other.key())) {
                long sum = other.permits() + next.permits();
                requests.set(i, of(other.state(), other.policy(), next.key(), sum, other.rule()));
                return;
            }
        }
        requests.add(next);
    }

    static void tellMissingKey(LimitEnvironment environment, RateLimitPolicy policy) {
        if (!environment.listeners().isEmpty()) {
            environment.listeners().tell(new RateLimitMissingKey(policy.name(), policy.onMissingKey()));
        }
    }

    private static @Nullable RateOutcome foregone(RateLimitPolicy policy, long permits) {
        if (policy.mode() == GuardMode.OFF) {
            return RateOutcome.SKIPPED;
        }
        if (permits <= policy.capacity() && policy.allowance() != null) {
            return null;
        }
        if (policy.isUnlimited()) {
            return RateOutcome.UNLIMITED;
        }
        if (policy.mode() == GuardMode.SHADOW) {
            return RateOutcome.SHADOW_REJECTED;
        }
        return policy.isBlocked() ? RateOutcome.BLOCKED : RateOutcome.NEVER;
    }
}
