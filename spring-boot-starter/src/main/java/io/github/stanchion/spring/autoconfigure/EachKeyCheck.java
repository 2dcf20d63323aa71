package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.lock.LockGuard;
import io.github.stanchion.lock.LockPolicy;
import java.lang.reflect.Parameter;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * Stops the start where a lock for each element is to be taken of a parameter that has none. What other expressions come to
 * is known when they are called.
 */
final class EachKeyCheck implements GuardCheck {

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        plan.guards().stream()
                .filter(LockGuard.class::isInstance)
                .map(guard -> ((LockGuard) guard).policy())
                .filter(LockPolicy::isEach)
                .forEach(policy -> policy.keyExpressions().forEach(key -> check(plan.method(), policy, key)));
    }

    private static void check(GuardedMethod method, LockPolicy policy, String key) {
        Class<?> type = typeOf(key, method);
        if (type != null && !mayHaveElements(type)) {
            throw new GuardConfigurationException(
                    "Key '" + key + "' of lock '" + policy.name() + "' on " + method.displayName() + " is a '"
                            + type.getSimpleName() + "', which is no collection, array or stream",
                    "Remove each, or give a key that has elements.");
        }
    }

    /** Of a key that is a parameter and nothing more. */
    private static @Nullable Class<?> typeOf(String key, GuardedMethod method) {
        Parameter[] parameters = method.method().getParameters();
        for (int i = 0; i < parameters.length; i++) {
            if (Pattern.matches("\\s*#(" + Pattern.quote(parameters[i].getName()) + "|[pa]" + i + ")\\s*", key)) {
                return parameters[i].getType();
            }
        }
        return null;
    }

    private static boolean mayHaveElements(Class<?> type) {
        if (type.isArray()) {
            Class<?> element = type.getComponentType();
            return !element.isPrimitive() || element == long.class || element == int.class;
        }
        return Iterable.class.isAssignableFrom(type)
                || BaseStream.class.isAssignableFrom(type)
                || type == Object.class
                || type.isInterface() && !Map.class.isAssignableFrom(type);
    }
}
