package io.github.stanchion.limit;

import io.github.stanchion.store.StoreKey;
import org.jspecify.annotations.Nullable;

/**
 * One question that this process may know the answer to; else it learns from the store's.
 *
 * <p>Made only where a policy lets it. Used by one thread at a time.
 */
final class Shortcut {

    private final DenialCache denials;
    private final RateOperations limit;
    private final StoreKey key;
    private final long cost;
    private final DenialCache.@Nullable Question question;
    private final @Nullable RateReply known;

    private Shortcut(DenialCache denials, RateOperations limit, StoreKey key, long cost) {
        this.denials = denials;
        this.limit = limit;
        this.key = key;
        this.cost = cost;
        long now = denials.now();
        this.known = denials.find(key, limit, cost, now);
        this.question = known == null ? denials.question(key, now) : null;
    }

    /** Null if the store decides every call of the policy; so it does whether a subject is in debt, which costs nothing. */
    static @Nullable Shortcut of(
            LimitEnvironment environment, RateLimitPolicy policy, LimitState state, StoreKey key, long cost) {
        DenialCache denials = environment.denials();
        Allowance allowance = policy.allowance();
        return allowance != null && cost > 0 && denials.serves(policy, state)
                ? new Shortcut(denials, allowance.operations(), key, cost)
                : null;
    }

    /** What the store would answer; null if it must be asked. */
    @Nullable
    RateReply known() {
        return known;
    }

    /** Takes note of what the store has answered. */
    void answered(RateReply reply, long retryMicros) {
        if (question != null && !reply.admitted()) {
            denials.learn(question, key, limit, cost, reply, retryMicros, Long.MAX_VALUE);
        }
    }
}
