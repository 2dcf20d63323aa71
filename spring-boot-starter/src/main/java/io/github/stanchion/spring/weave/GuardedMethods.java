package io.github.stanchion.spring.weave;

import java.lang.reflect.Method;
import java.util.Set;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;

/** Finds the methods of a class that annotations ask to guard, whatever can be woven. */
public final class GuardedMethods {

    private final MergedAnnotationSource annotations = new MergedAnnotationSource();

    /** The most specific methods, private and static ones too; may be none. */
    public Set<Method> of(Class<?> type) {
        if (!AnnotationUtils.isCandidateClass(type, io.github.stanchion.annotation.GuardKind.class)) {
            return Set.of();
        }
        return MethodIntrospector.selectMethods(
                        type, (Method method) -> annotations.kinds(method, type).isEmpty() ? null : Boolean.TRUE)
                .keySet();
    }
}
