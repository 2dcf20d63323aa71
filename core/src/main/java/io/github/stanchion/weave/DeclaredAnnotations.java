package io.github.stanchion.weave;

import io.github.stanchion.guard.GuardedMethod.AnnotationSource;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what AspectJ sees: annotations of the method, else, for public methods of instances, of the class that declares it; there and on
 * the annotations found there. Interfaces and overridden methods are not searched.
 */
public final class DeclaredAnnotations implements AnnotationSource {

    @Override
    public <A extends Annotation> List<A> find(Method method, Class<?> targetClass, Class<A> type) {
        List<A> own = on(method, type);
        return own.isEmpty() && coveredByClass(method) ? on(method.getDeclaringClass(), type) : own;
    }

    private static boolean coveredByClass(Method method) {
        return Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers());
    }

    private static <A extends Annotation> List<A> on(AnnotatedElement element, Class<A> type) {
        List<A> found = new ArrayList<>(List.of(element.getAnnotationsByType(type)));
        for (Annotation annotation : element.getAnnotations()) {
            found.addAll(List.of(annotation.annotationType().getAnnotationsByType(type)));
        }
        return List.copyOf(found);
    }
}
