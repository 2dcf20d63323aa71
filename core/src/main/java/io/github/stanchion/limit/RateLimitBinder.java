package io.github.stanchion.limit;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.Fallbacks;
import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardBinder;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardExpression;
import io.github.stanchion.guard.GuardExpressions;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.KeyResolver;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes the rate limit guard of a method from its {@link RateLimited} annotations and the policies they name. */
public final class RateLimitBinder implements GuardBinder {

    private final LimitEnvironment environment;
    private final RateLimitPolicies policies;
    private final GuardExpressions expressions;
    private final Fallbacks fallbacks;

    /** Binds methods to the policies, store and listeners of {@code limiters}. */
    public RateLimitBinder(RateLimiters limiters, GuardExpressions expressions, Fallbacks fallbacks) {
        this.environment = limiters.environment();
        this.policies = limiters.policies();
        this.expressions = expressions;
        this.fallbacks = fallbacks;
    }

    @Override
    public String kind() {
        return RateLimitGuard.KIND;
    }

    @Override
    public @Nullable Guard bind(GuardedMethod method) {
        List<RateLimited> annotations = method.annotations(RateLimited.class);
        if (annotations.isEmpty()) {
            return null;
        }
        if (annotations.size() > RateLimitGuard.MOST_LIMITS) {
            throw new GuardConfigurationException(
                    "Number of rate limits '" + annotations.size() + "' on " + method.displayName() + " is too large",
                    "use at most " + RateLimitGuard.MOST_LIMITS);
        }
        int[] limits = new int[annotations.size()];
        for (int i = 0; i < limits.length; i++) {
            limits[i] = policies.bind(binding(method, i, annotations.get(i)));
        }
        return new RateLimitGuard(environment, policies, limits);
    }

    private LimitBinding binding(GuardedMethod method, int position, RateLimited annotation) {
        String given = annotation.name().isBlank() ? annotation.value() : annotation.name();
        if (!annotation.value().isBlank() && !annotation.value().equals(given)) {
            throw new GuardConfigurationException(
                    "Rate limit on " + method.displayName() + " has two names, '" + annotation.value() + "' and '"
                            + given + "'",
                    "give value or name");
        }
        try {
            RateLimitSettings attributes = RateLimitSettings.of(annotation);
            String name = given.isBlank() ? unnamed(method, position) : given;
            return new LimitBinding(
                    method,
                    position,
                    name,
                    !given.isBlank(),
                    attributes,
                    (live, settings, origin) -> make(method, live, settings, origin));
        } catch (RateSettingException trouble) {
            throw trouble.at("@RateLimited(" + RateSettingException.attribute(trouble.setting()) + ") on "
                    + method.displayName());
        }
    }

    /** Several limits of one method that have no name are told apart by their place. */
    private static String unnamed(GuardedMethod method, int position) {
        return position == 0 ? method.policyName() : method.policyName() + "#" + (position + 1);
    }

    private BoundLimit make(
            GuardedMethod method, LiveLimit live, RateLimitSettings settings, UnaryOperator<String> origin) {
        RateLimitPolicy policy = live.policy();
        SettlementRule rule = new SettlementRule(
                policyCount(settings),
                compile(settings.refundWhen(), "refund-when", method, origin),
                compile(settings.settle(), "settle", method, origin));
        if (!rule.isNone()) {
            // The policy is that of its first method, which need not settle.
            live.state().givesBack();
        }
        Long constant = RateCost.constant(settings.cost());
        String tag = policy.tagExpression();
        String constantTag = policy.constantTag();
        String fallback = settings.fallback();
        return new BoundLimit(
                live,
                settings.key() == null
                        ? null
                        : KeyResolver.of(settings.key(), method, expressions, origin.apply("key")),
                methodKey(policy, method),
                constantTag == null ? compile(tag, "hash-tag", method, origin) : (call, end) -> constantTag,
                constant == null ? 1 : constant,
                constant == null ? compile(settings.cost(), "cost", method, origin) : null,
                compile(settings.condition(), "condition", method, origin),
                compile(settings.plan(), "plan", method, origin),
                rule,
                fallback == null ? null : fallbacks.find(fallback, method, origin.apply("fallback")),
                settings.fallbackOn() == null ? List.of() : settings.fallbackOn());
    }

    private static CountedCalls policyCount(RateLimitSettings settings) {
        return settings.count() == null ? CountedCalls.ALWAYS : settings.count();
    }

    private static StoreKey methodKey(RateLimitPolicy policy, GuardedMethod method) {
        return policy.space().key(method.qualifiedName());
    }

    private @Nullable GuardExpression compile(
            @Nullable String text, String setting, GuardedMethod method, UnaryOperator<String> origin) {
        return text == null ? null : expressions.compile(text, method, origin.apply(setting));
    }
}
