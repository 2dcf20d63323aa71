package io.github.stanchion.spring.weave;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.weave.GuardMark;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.Set;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/** Matches methods whose annotations ask for a guard of some kinds; reads annotations alone, no settings. */
final class GuardPointcut extends StaticMethodMatcherPointcut {

    private final MergedAnnotationSource annotations;
    private final Set<String> kinds;

    GuardPointcut(MergedAnnotationSource annotations, Set<String> kinds) {
        this.annotations = annotations;
        this.kinds = Set.copyOf(kinds);
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
        if (Modifier.isPrivate(specific.getModifiers())
                || Collections.disjoint(annotations.kinds(specific, targetClass), kinds)) {
            return false;
        }
        return canBeProxied(specific, targetClass);
    }

    private static boolean canBeProxied(Method method, Class<?> targetClass) {
        if (targetClass.isInterface() || !Modifier.isFinal(targetClass.getModifiers())) {
            return true;
        }
        if (GuardMark.isWoven(method)) {
            return false;
        }
        throw new GuardConfigurationException(
                "Guarded method " + targetClass.getSimpleName() + "." + method.getName() + " is in the final class "
                        + targetClass.getName() + ", which no proxy can extend",
                "Make the class not final, in Kotlin with its compiler plugin 'spring' or the word 'open', or weave it with AspectJ"
                        + " and set stanchion.weaving=aspectj.");
    }
}
