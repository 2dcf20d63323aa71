package io.github.stanchion.spring.test;

import io.github.stanchion.guard.PolicyNames;
import io.github.stanchion.spring.autoconfigure.GuardSwitch;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.test.context.TestContextAnnotationUtils;

/** What {@link GuardsOff} and {@link GuardsOn} say about one test; null where neither is there. */
final class GuardSwitches {

    private final Set<String> named = new TreeSet<>();
    private boolean on = true;
    private final Set<String> exceptions = new HashSet<>();
    private boolean any;

    private GuardSwitches() {}

    static @Nullable GuardSwitches of(Class<?> testClass, Method testMethod) {
        Deque<AnnotatedElement> outermostFirst = new ArrayDeque<>();
        outermostFirst.push(testMethod);
        for (Class<?> type = testClass; type != null; ) {
            outermostFirst.push(type);
            type = TestContextAnnotationUtils.searchEnclosingClass(type) ? type.getEnclosingClass() : null;
        }
        GuardSwitches switches = new GuardSwitches();
        outermostFirst.forEach(switches::add);
        return switches.any ? switches : null;
    }

    private void add(AnnotatedElement element) {
        Set<String> off = names(element, GuardsOff.class);
        Set<String> back = names(element, GuardsOn.class);
        if (off != null && back != null) {
            requireSense(element, off, back);
        }
        any = any || off != null || back != null;
        addAll(off, false);
        addAll(back, true);
        addNamed(off, false);
        addNamed(back, true);
    }

    private void addAll(@Nullable Set<String> names, boolean to) {
        if (names != null && names.isEmpty()) {
            on = to;
            exceptions.clear();
        }
    }

    private void addNamed(@Nullable Set<String> names, boolean to) {
        if (names != null) {
            named.addAll(names);
            if (to == on) {
                exceptions.removeAll(names);
            } else {
                exceptions.addAll(names);
            }
        }
    }

    private static @Nullable Set<String> names(AnnotatedElement element, Class<? extends Annotation> type) {
        MergedAnnotation<?> annotation =
                MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).get(type);
        return annotation.isPresent() ? canonical(List.of(annotation.getStringArray(MergedAnnotation.VALUE))) : null;
    }

    private static Set<String> canonical(Collection<String> names) {
        return names.stream().map(PolicyNames::canonical).collect(Collectors.toSet());
    }

    private static void requireSense(AnnotatedElement element, Set<String> off, Set<String> back) {
        if (off.isEmpty() && back.isEmpty()) {
            throw new IllegalStateException("Guards are all switched off and all on by " + element
                    + "; keep @GuardsOff or @GuardsOn, or name some");
        }
        for (String name : off) {
            if (back.contains(name)) {
                throw new IllegalStateException("Guard '" + name + "' is switched off and on by " + element
                        + "; keep it in @GuardsOff or @GuardsOn");
            }
        }
    }

    /**
     * Which guards guard during the test.
     *
     * @param known the names of all policies
     * @throws IllegalStateException if a name is none of them
     */
    GuardSwitch among(Collection<String> known) {
        Set<String> canonical = canonical(known);
        for (String name : named) {
            if (!canonical.contains(name)) {
                throw new IllegalStateException("Guard '" + name + "' of @GuardsOff or @GuardsOn is nowhere; there are "
                        + new TreeSet<>(known));
            }
        }
        return new GuardSwitch(on, exceptions);
    }
}
