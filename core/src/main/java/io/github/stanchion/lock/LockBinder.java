package io.github.stanchion.lock;

import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.Fallbacks;
import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardBinder;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardExpression;
import io.github.stanchion.guard.GuardExpressions;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.KeyResolver;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the lock of a method from its {@link WithLock} annotation and the settings of that name. */
public final class LockBinder implements GuardBinder {

    private final LockEnvironment environment;
    private final LockPolicies policies;
    private final ResultCodecs codecs;
    private final GuardExpressions expressions;
    private final Fallbacks fallbacks;

    /** Binds methods to the policies, store and listeners of {@code locks}. */
    public LockBinder(Locks locks, GuardExpressions expressions, Fallbacks fallbacks) {
        this.environment = locks.environment();
        this.policies = locks.policies();
        this.codecs = locks.codecs();
        this.expressions = expressions;
        this.fallbacks = fallbacks;
    }

    @Override
    public String kind() {
        return LockGuard.KIND;
    }

    @Override
    public @Nullable Guard bind(GuardedMethod method) {
        List<WithLock> annotations = method.annotations(WithLock.class);
        if (annotations.isEmpty()) {
            return null;
        }
        WithLock annotation = annotations.get(0);
        String given = annotation.name().isBlank() ? annotation.value() : annotation.name();
        if (!annotation.value().isBlank() && !annotation.value().equals(given)) {
            throw new GuardConfigurationException(
                    "Lock on " + method.displayName() + " has two names, '" + annotation.value() + "' and '" + given
                            + "'",
                    "give value or name");
        }
        BoundLock lock = policies.bind(new BoundLock(
                method,
                given.isBlank() ? method.policyName() : given,
                attributes(method, annotation),
                (policy, origins) -> calls(method, policy, origins)));
        return new LockGuard(environment, lock);
    }

    private static LockSettings attributes(GuardedMethod method, WithLock annotation) {
        try {
            return LockSettings.of(annotation);
        } catch (LockSettingException trouble) {
            throw trouble.at("@WithLock(" + trouble.setting().attribute() + ") on " + method.displayName());
        }
    }

    private LockCalls calls(GuardedMethod method, LockPolicy policy, LockPolicies.Origins origins) {
        LockResults.requireHoldable(method, policy);
        LockSettings settings = policy.settings();
        String fallback = settings.find(LockSetting.FALLBACK);
        return new LockCalls(
                policy,
                keys(method, policy, origins),
                policy.isSingleFlight() ? LockResults.codec(method, policy, codecs) : null,
                policy.onContention() == OnContention.SKIP ? skip(method, settings, origins) : null,
                fallback == null ? null : fallbacks.find(fallback, method, origins.of(LockSetting.FALLBACK)));
    }

    private Fallback skip(GuardedMethod method, LockSettings settings, LockPolicies.Origins origins) {
        String text = settings.find(LockSetting.SKIP_VALUE);
        if (text == null) {
            return LockResults.empty(method, origins.of(LockSetting.SKIP_VALUE));
        }
        GuardExpression value = expressions.compile(text, method, origins.of(LockSetting.SKIP_VALUE));
        return new SkipAnswer(call -> value.evaluate(call, null));
    }

    private LockCalls.LockKeys keys(GuardedMethod method, LockPolicy policy, LockPolicies.Origins origins) {
        List<String> texts = policy.settings().find(LockSetting.KEY);
        String origin = origins.of(LockSetting.KEY);
        if (policy.isEach()) {
            if (texts == null || texts.size() != 1) {
                throw new GuardConfigurationException(
                        "Lock '" + policy.name() + "' on " + method.displayName() + " is for each element of '"
                                + (texts == null ? 0 : texts.size()) + "' keys",
                        "give one key that is a collection, array or stream");
            }
            return new EachKey(texts.get(0), expressions.compile(texts.get(0), method, origin));
        }
        if (texts == null) {
            StoreKey only = policy.key(List.of());
            return (same, call) -> List.of(only);
        }
        KeyResolver resolver = KeyResolver.of(texts, method, expressions, origin);
        return (current, call) -> {
            List<String> parts = resolver.parts(call);
            if (parts == null) {
                throw new IllegalArgumentException("Key of lock '" + current.name() + "' on " + method.displayName()
                        + " is null; lock something that has a name");
            }
            return List.of(current.key(parts));
        };
    }

    /** One lock for each element of what an expression comes to. */
    private record EachKey(String text, GuardExpression expression) implements LockCalls.LockKeys {

        @Override
        public List<StoreKey> of(LockPolicy policy, GuardedCall call) {
            return LockElements.keys(policy, text, expression.evaluate(call, null));
        }
    }
}
