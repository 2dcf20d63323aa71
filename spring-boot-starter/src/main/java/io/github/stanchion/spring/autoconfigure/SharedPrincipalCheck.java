package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.annotation.GuardKind;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.lock.LockGuard;
import io.github.stanchion.lock.LockPolicy;
import java.lang.reflect.Parameter;
import java.security.Principal;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/** Warns of single flights that know who is logged in and share what they compute with other users. */
final class SharedPrincipalCheck implements GuardCheck {

    private static final Pattern PRINCIPAL = Pattern.compile("#principal\\b");

    /** By name: there need be no Spring Security. */
    private static final String AUTHENTICATED = "org.springframework.security.core.annotation.AuthenticationPrincipal";

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        plan.guards().stream()
                .filter(LockGuard.class::isInstance)
                .map(guard -> ((LockGuard) guard).policy())
                .filter(policy -> policy.onContention() == OnContention.SINGLE_FLIGHT)
                .forEach(policy -> check(plan.method(), policy, warnings));
    }

    private static void check(GuardedMethod method, LockPolicy policy, Consumer<String> warnings) {
        String reader = reader(method);
        if (reader != null && policy.keyExpressions().stream().noneMatch(key -> tellsUsersApart(key, method))) {
            warnings.accept("Lock '" + policy.name() + "' on " + method.displayName()
                    + " shares results between users, though " + reader
                    + " tells it who is logged in; add \"#principal\" to its key, or do not read it");
        }
    }

    /** What reads the principal; null if nothing does. */
    private static @Nullable String reader(GuardedMethod method) {
        for (Parameter parameter : method.method().getParameters()) {
            if (isPrincipal(parameter)) {
                return "parameter '" + parameter.getName() + "'";
            }
        }
        return MergedAnnotations.from(method.method(), SearchStrategy.TYPE_HIERARCHY).stream()
                .filter(MergedAnnotation::isDirectlyPresent)
                .filter(annotation -> !isGuard(annotation))
                .filter(annotation -> texts(annotation)
                        .anyMatch(text -> PRINCIPAL.matcher(text).find()))
                .map(annotation -> "@" + annotation.getType().getSimpleName())
                .findFirst()
                .orElse(null);
    }

    private static boolean isPrincipal(Parameter parameter) {
        return Principal.class.isAssignableFrom(parameter.getType())
                || MergedAnnotations.from(parameter).isPresent(AUTHENTICATED);
    }

    /** Guards read it to decide about the call, not about its result. */
    private static boolean isGuard(MergedAnnotation<?> annotation) {
        return annotation.getType().isAnnotationPresent(GuardKind.class);
    }

    private static Stream<String> texts(MergedAnnotation<?> annotation) {
        return annotation.asMap().values().stream()
                .flatMap(value -> value instanceof Object[] several ? Arrays.stream(several) : Stream.of(value))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    private static boolean tellsUsersApart(String key, GuardedMethod method) {
        if (PRINCIPAL.matcher(key).find()) {
            return true;
        }
        Parameter[] parameters = method.method().getParameters();
        for (int i = 0; i < parameters.length; i++) {
            if (isPrincipal(parameters[i])
                    && Pattern.compile("#(" + Pattern.quote(parameters[i].getName()) + "|[pa]" + i + ")\\b")
                            .matcher(key)
                            .find()) {
                return true;
            }
        }
        return false;
    }
}
