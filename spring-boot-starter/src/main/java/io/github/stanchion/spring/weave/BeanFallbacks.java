package io.github.stanchion.spring.weave;

import io.github.stanchion.guard.DeclaredSignature;
import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.Fallbacks;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
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
        DeclaredSignature signature = place.method().signature();
        List<Method> named = Arrays.stream(ReflectionUtils.getAllDeclaredMethods(type))
                .filter(method -> isNamed(method, name) && !method.isBridge() && !method.equals(guarded))
                .toList();
        if (named.isEmpty()) {
            throw place.wrong("is no method of " + type.getName(), "Add it: " + wanted(name, signature) + ".");
        }
        List<Candidate> fitting = named.stream()
                .map(method -> Candidate.of(method, signature))
                .filter(candidate ->
                        takes(candidate.signature(), signature) && returns(candidate.signature(), signature))
                .sorted(Comparator.comparingInt(Candidate::generality))
                .toList();
        if (fitting.isEmpty()) {
            throw place.wrong(
                    "does not fit the guarded method",
                    "Declare it as " + wanted(name, signature) + "; an exception may follow as the last parameter.");
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

    /** Kotlin appends a hyphen and a hash to the names of functions that take value classes. */
    private static boolean isNamed(Method method, String name) {
        String compiled = method.getName();
        return compiled.equals(name) || compiled.startsWith(name + "-");
    }

    private static boolean takes(DeclaredSignature fallback, DeclaredSignature guarded) {
        List<Class<?>> given = guarded.parameterTypes();
        List<Class<?>> taken = fallback.parameterTypes();
        if (taken.size() != given.size() && failureType(fallback, guarded) == null) {
            return false;
        }
        for (int i = 0; i < given.size(); i++) {
            if (!ClassUtils.isAssignable(taken.get(i), given.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Who suspends may also be answered by a function that does not; not the other way round. */
    private static boolean returns(DeclaredSignature fallback, DeclaredSignature guarded) {
        return (guarded.isSuspending() || !fallback.isSuspending())
                && (guarded.returnType() == void.class
                        || ClassUtils.isAssignable(guarded.returnType(), fallback.returnType()));
    }

    private static @Nullable Class<?> failureType(DeclaredSignature fallback, DeclaredSignature guarded) {
        List<Class<?>> taken = fallback.parameterTypes();
        if (taken.size() != guarded.parameterTypes().size() + 1) {
            return null;
        }
        Class<?> last = taken.get(taken.size() - 1);
        return Throwable.class.isAssignableFrom(last) ? last : null;
    }

    private static String wanted(String name, DeclaredSignature guarded) {
        String parameters =
                guarded.parameterTypes().stream().map(Class::getSimpleName).collect(Collectors.joining(", "));
        return "'" + guarded.returnType().getSimpleName() + " " + name + "(" + parameters + ")'";
    }

    private static @Nullable Object answer(
            List<Candidate> candidates, @Nullable Object target, GuardedCall call, Throwable failure) throws Throwable {
        for (Candidate candidate : candidates) {
            if (candidate.failure() == null || candidate.failure().isInstance(failure)) {
                return candidate.call(target, call, failure);
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
    private record Candidate(Method method, DeclaredSignature signature, @Nullable Class<?> failure) {

        static Candidate of(Method method, DeclaredSignature guarded) {
            DeclaredSignature signature = DeclaredSignature.of(method);
            return new Candidate(method, signature, failureType(signature, guarded));
        }

        /** Nearer failures first: the deeper a type, the fewer it takes. */
        int generality() {
            int depth = 0;
            for (Class<?> type = failure; type != null; type = type.getSuperclass()) {
                depth++;
            }
            return -depth;
        }

        /** The answer; that of a suspending function is the publisher that Spring makes of it. */
        @Nullable
        Object call(@Nullable Object target, GuardedCall call, Throwable error) throws Throwable {
            @Nullable Object[] given = call.arguments();
            int declared = call.method().signature().parameterTypes().size();
            @Nullable Object[] all = Arrays.copyOf(given, method.getParameterCount());
            if (failure != null) {
                all[declared] = error;
            }
            if (signature.isSuspending()) {
                all[all.length - 1] = given[declared];
            }
            return AopUtils.invokeJoinpointUsingReflection(target, on(target), all);
        }

        /** A bean may be a proxy that only shares an interface with the class. */
        private Method on(@Nullable Object target) {
            return target == null || method.getDeclaringClass().isInstance(target)
                    ? method
                    : AopUtils.selectInvocableMethod(method, target.getClass());
        }
    }
}
