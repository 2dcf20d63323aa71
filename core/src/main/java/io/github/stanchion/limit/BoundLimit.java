package io.github.stanchion.limit;

import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.GuardExpression;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.KeyResolver;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rate limit of one method, compiled: what a call under it asks for.
 *
 * <p>Immutable; made anew when settings change.
 *
 * @param live policy and what this process knows of it
 * @param keys who the subject is; null if it is the method
 * @param methodKey the subject of a method without keys
 * @param tag names the cluster slot; null for none
 * @param constantCost the cost where it is no expression
 * @param cost null for a constant
 * @param condition null for none
 * @param plan null for none
 * @param fallback answers refusals, null for none
 * @param fallbackOn what else it answers
 */
record BoundLimit(
        LiveLimit live,
        @Nullable KeyResolver keys,
        StoreKey methodKey,
        @Nullable GuardExpression tag,
        long constantCost,
        @Nullable GuardExpression cost,
        @Nullable GuardExpression condition,
        @Nullable GuardExpression plan,
        SettlementRule rule,
        @Nullable Fallback fallback,
        List<Class<? extends Throwable>> fallbackOn) {

    /**
     * Tells a use of this limit what the call asks for; evaluates all expressions that do not need the call's outcome.
     *
     * @throws IllegalArgumentException if cost, condition or key come to what they cannot be
     */
    void prepare(LimitUse use, GuardedCall call) {
        RateLimitPolicy base = use.policy();
        if (base.mode() == GuardMode.OFF
                || condition != null
                        && !RateCondition.holds(condition.evaluate(call, null), "Condition", base.name())) {
            use.decide(base, RateOutcome.SKIPPED);
            return;
        }
        LimitEnvironment environment = use.environment();
        RateLimitPolicy policy = plan == null ? base : planned(base, plan.evaluate(call, null), environment);
        boolean resolved = environment.plans() != RateLimitResolver.NONE;
        if (keys != null && tag == null && !resolved) {
            ask(use, call, policy, keys.key(policy.space(), null, call));
            return;
        }
        List<String> parts = keys == null ? List.of() : keys.parts(call);
        if (parts == null) {
            ask(use, call, policy, null);
            return;
        }
        RateLimitPolicy chosen = resolved ? resolve(environment.plans(), parts, policy) : policy;
        if (keys == null) {
            StoreKey own = chosen == base ? methodKey : methodKey.in(chosen.space());
            ask(use, call, chosen, tag == null ? own : chosen.space().taggedKey(tag(call), own.subject()));
        } else {
            ask(use, call, chosen, chosen.space().taggedKey(tag(call), parts));
        }
    }

    private void ask(LimitUse use, GuardedCall call, RateLimitPolicy policy, @Nullable StoreKey subject) {
        StoreKey key = subject;
        if (key == null) {
            if (!use.sharesWithoutKey(policy)) {
                return;
            }
            key = policy.space().taggedKey(tag(call), List.of());
        }
        long permits = cost == null ? constantCost : RateCost.of(cost.evaluate(call, null), "Cost", policy.name());
        use.ask(policy, key, permits, rule);
    }

    private @Nullable String tag(GuardedCall call) {
        Object value = tag == null ? null : tag.evaluate(call, null);
        return value == null ? null : value.toString();
    }

    private static RateLimitPolicy planned(RateLimitPolicy base, @Nullable Object plan, LimitEnvironment environment) {
        RateLimitPolicy policy = plan == null ? null : base.plan(plan.toString());
        if (policy == null) {
            if (!environment.listeners().isEmpty()) {
                environment.listeners().tell(new RateLimitUnknownPlan(base.name()));
            }
            return base;
        }
        return policy;
    }

    static RateLimitPolicy resolve(RateLimitResolver resolver, List<String> parts, RateLimitPolicy base) {
        RateLimitPolicy chosen = resolver.resolve(base.name(), parts, base);
        if (chosen != base && !chosen.name().equals(base.name())) {
            throw new IllegalStateException("Rate limit '" + chosen.name() + "' stands in for rate limit '"
                    + base.name() + "'; return the policy given, one of its plans, or one made by its withLimit");
        }
        return chosen;
    }

    /** Whether the fallback answers this failure: what this limit refused, and what the settings name. */
    boolean answers(Throwable failure) {
        return fallback != null && (isOwn(failure) || isNamed(failure));
    }

    private boolean isOwn(Throwable failure) {
        String name = live.policy().name();
        if (failure instanceof RateLimitExceededException exceeded) {
            return exceeded.violated().contains(name);
        }
        return failure instanceof StoreUnavailableException unavailable
                && unavailable.kind().equals(RateLimitGuard.KIND)
                && unavailable.name().equals(name);
    }

    private boolean isNamed(Throwable failure) {
        for (Class<? extends Throwable> type : fallbackOn) {
            if (type.isInstance(failure)) {
                return true;
            }
        }
        return false;
    }
}
