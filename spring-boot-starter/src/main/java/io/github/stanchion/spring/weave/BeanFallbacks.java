package io.github.stanchion.spring.weave;

import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.Fallbacks;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds fallbacks: {@code method} of the guarded class, private ones too, or {@code bean::method}.
 *
 * <p>Of several that fit, differing in the failure they take last, the nearest to the failure answers; a failure that none
 * takes reaches the caller. A fallback of the same class is called on the object itself, so its own guards do not apply.
 */
public final class BeanFallbacks implements Fallbacks {

    private static final String SEPARATOR = "::";

    private final BeanFactory beans;

    public BeanFallbacks(BeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public Fallback find(String reference, GuardedMethod method, String origin) {
        Place place = new Place(reference, method, origin);
        int split = reference.indexOf(SEPARATOR);
        if (split < 0) {
            List<Candidate> candidates = candidates(method.targetClass(), reference, place);
            return (call, failure) -> answer(candidates, call.target(), call, failure);
        }
        String beanName = reference.substring(0, split);
        Class<?> type = beans.containsBean(beanName) ? beans.getType(beanName) : null;
        if (type == null) {
            throw place.wrong(
                    "names the bean '" + beanName + "', and there is none", "Correct the name, or add the bean.");
        }
        String methodName = reference.substring(split + SEPARATOR.length());
        List<Candidate> candidates = candidates(ClassUtils.getUserClass(type), methodName, place);
        return (call, failure) -> answer(candidates, beans.getBean(beanName), call, failure);
    }

    private static List<Candidate> candidates(Class<?> type, String name, Place place) {
        Method guarded = place.method().method();
        List<Method> named = Arrays.stream(ReflectionUtils.getAllDeclaredMethods(type))
                .filter(method -> method.getName().equals(name) && !method.isBridge() && !method.equals(guarded))
                .toList();
        if (named.isEmpty()) {
            throw place.wrong("is no method of " + type.getName(), "Add it: " + wanted(name, guarded) + ".");
        }
        List<Candidate> fitting = named.stream()
                .filter(method -> takes(method, guarded) && returns(method, guarded))
                .map(method -> new Candidate(method, failureType(method, guarded)))
                .sorted(Comparator.comparingInt(Candidate::generality))
                .toList();
        if (fitting.isEmpty()) {
            throw place.wrong(
                    "does not fit the guarded method",
                    "Declare it as " + wanted(name, guarded) + "; an exception may follow as the last parameter.");
        }
        if (Modifier.isStatic(guarded.getModifiers())
                && fitting.stream()
                        .noneMatch(candidate ->
                                Modifier.isStatic(candidate.method().getModifiers()))
                && !place.reference().contains(SEPARATOR)) {
            throw place.wrong("is not static, and the guarded method is", "Make it static.");
        }
        return fitting;
    }

    private static boolean takes(Method fallback, Method guarded) {
        Class<?>[] given = guarded.getParameterTypes();
        Class<?>[] taken = fallback.getParameterTypes();
        if (taken.length != given.length && failureType(fallback, guarded) == null) {
            return false;
        }
        for (int i = 0; i < given.length; i++) {
            if (!ClassUtils.isAssignable(taken[i], given[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean returns(Method fallback, Method guarded) {
        return guarded.getReturnType() == void.class
                || ClassUtils.isAssignable(guarded.getReturnType(), fallback.getReturnType());
    }

    private static @Nullable Class<?> failureType(Method fallback, Method guarded) {
        Class<?>[] taken = fallback.getParameterTypes();
        if (taken.length != guarded.getParameterCount() + 1) {
            return null;
        }
        Class<?> last = taken[taken.length - 1];
        return Throwable.class.isAssignableFrom(last) ? last : null;
    }

    private static String wanted(String name, Method guarded) {
        StringBuilder parameters = new StringBuilder();
        for (Class<?> type : guarded.getParameterTypes()) {
            parameters.append(parameters.isEmpty() ? "" : ", ").append(type.getSimpleName());
        }
        return "'" + guarded.getReturnType().getSimpleName() + " " + name + "(" + parameters + ")'";
    }

    private static @Nullable Object answer(
            List<Candidate> candidates, @Nullable Object target, GuardedCall call, Throwable failure) throws Throwable {
        for (Candidate candidate : candidates) {
            if (candidate.failure() == null || candidate.failure().isInstance(failure)) {
                return candidate.call(target, call.arguments(), failure);
            }
        }
        throw failure;
    }

    private record Place(String reference, GuardedMethod method, String origin) {

        GuardConfigurationException wrong(String how, String action) {
            return new GuardConfigurationException(
                    "Fallback '" + reference + "' (" + origin + ", " + method.displayName() + ") " + how, action);
        }
    }

    /** @param failure the type of the last parameter, null if the fallback takes no failure */
    private record Candidate(Method method, @Nullable Class<?> failure) {

        /** Nearer failures first: the deeper a type, the fewer it takes. */
        int generality() {
            int depth = 0;
            for (Class<?> type = failure; type != null; type = type.getSuperclass()) {
                depth++;
            }
            return -depth;
        }

        @Nullable
        Object call(@Nullable Object target, @Nullable Object[] arguments, Throwable error) throws Throwable {
            @Nullable Object[] all = arguments;
            if (failure != null) {
                all = Arrays.copyOf(arguments, arguments.length + 1);
                all[arguments.length] = error;
            }
            Method callable = on(target);
            ReflectionUtils.makeAccessible(callable);
            try {
                return callable.invoke(target, all);
            } catch (InvocationTargetException thrown) {
                throw thrown.getTargetException();
            }
        }

        /** A bean may be a proxy that only shares an interface with the class. */
        private Method on(@Nullable Object target) {
            return target == null || method.getDeclaringClass().isInstance(target)
                    ? method
                    : ClassUtils.getMethod(target.getClass(), method.getName(), method.getParameterTypes());
        }
    }
}
