package io.github.stanchion.spring.weave;

import io.github.stanchion.annotation.GuardKind;
import io.github.stanchion.guard.GuardedMethod.AnnotationSource;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds annotations as Spring does: also on interfaces and overridden methods, and as meta-annotations with
 * {@code @AliasFor}.
 *
 * <p>What stands nearest replaces what stands further away: the method's own, those of the methods it overrides or
 * implements, and for public methods those of the declaring class and of its supertypes. Stateless.
 */
public final class MergedAnnotationSource implements AnnotationSource {

    @Override
    public <A extends Annotation> List<A> find(Method method, Class<?> targetClass, Class<A> type) {
        List<A> own = nearest(method, type);
        if (!own.isEmpty()) {
            return own;
        }
        for (Method declared : interfaceMethods(method, targetClass)) {
            List<A> inherited = nearest(declared, type);
            if (!inherited.isEmpty()) {
                return inherited;
            }
        }
        return coveredByClass(method) ? nearest(method.getDeclaringClass(), type) : List.of();
    }

    /** The kinds of guards that annotations ask for on this method. */
    Set<String> kinds(Method method, Class<?> targetClass) {
        Set<String> kinds = kindsOn(method);
        for (Method declared : interfaceMethods(method, targetClass)) {
            kinds.addAll(kindsOn(declared));
        }
        if (coveredByClass(method)) {
            kinds.addAll(kindsOn(method.getDeclaringClass()));
        }
        return kinds;
    }

    private static boolean coveredByClass(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !Modifier.isStatic(method.getModifiers())
                && !method.isSynthetic()
                && method.getDeclaringClass() != Object.class;
    }

    private static Set<String> kindsOn(AnnotatedElement element) {
        return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).stream(GuardKind.class)
                .map(kind -> kind.getString(MergedAnnotation.VALUE))
                .collect(Collectors.toSet());
    }

    private static <A extends Annotation> List<A> nearest(AnnotatedElement element, Class<A> type) {
        List<MergedAnnotation<A>> all = MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).stream(type)
                .toList();
        return all.stream()
                .filter(found -> found.getAggregateIndex() == all.get(0).getAggregateIndex())
                .map(MergedAnnotation::synthesize)
                .toList();
    }

    /** Declarations in interfaces that the declaring class knows nothing of: {@code class Sub extends Base implements Api}. */
    private static List<Method> interfaceMethods(Method method, Class<?> targetClass) {
        Class<?> declaring = method.getDeclaringClass();
        if (declaring == targetClass || declaring == Object.class || Modifier.isStatic(method.getModifiers())) {
            return List.of();
        }
        return ClassUtils.getAllInterfacesForClassAsSet(targetClass).stream()
                .filter(type -> !type.isAssignableFrom(declaring))
                .map(type -> ReflectionUtils.findMethod(type, method.getName(), method.getParameterTypes()))
                .filter(Objects::nonNull)
                .toList();
    }
}
