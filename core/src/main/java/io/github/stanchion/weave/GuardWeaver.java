package io.github.stanchion.weave;

import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardBinder;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.GuardedMethod.AnnotationSource;
import io.github.stanchion.guard.ResultAdapter;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan of each method, once: its guards in the configured order, outermost first.
 *
 * <p>Thread-safe. Plans live as long as the class that they are for, and keep no class from being unloaded. That a method has
 * no guards is remembered too. Where two threads ask for a method's first plan at the same time its guards may be bound
 * twice; all callers get the same ones.
 */
public final class GuardWeaver {

    private final PlanCache bound;
    private final @Nullable PlanCache selected;

    /**
     * @param binders one per kind of guard, in the order of the guards, outermost first
     * @param annotations finds the annotations of methods, see {@link DeclaredAnnotations}
     * @param adapters guard results that come later; the first that supports a method has it
     */
    public GuardWeaver(List<GuardBinder> binders, AnnotationSource annotations, List<ResultAdapter> adapters) {
        List<GuardBinder> order = List.copyOf(binders);
        List<ResultAdapter> candidates = List.copyOf(adapters);
        this.bound = new PlanCache(
                (method, targetClass) -> bind(new GuardedMethod(method, targetClass, annotations), order, candidates));
        this.selected = null;
    }

    private GuardWeaver(PlanCache bound, Set<String> kinds) {
        Set<String> chosen = Set.copyOf(kinds);
        this.bound = bound;
        this.selected = new PlanCache((method, targetClass) -> select(bound.get(method, targetClass), chosen));
    }

    /**
     * The plan of this method when called on objects of this class.
     *
     * @param method the most specific method
     * @param targetClass the user's class, never a proxy's
     * @return null if nothing guards it
     * @throws io.github.stanchion.guard.GuardConfigurationException if its annotations or settings cannot work
     */
    public @Nullable GuardPlan plan(Method method, Class<?> targetClass) {
        return (selected == null ? bound : selected).get(method, targetClass);
    }

    /** A weaver of the same guards that sees only these kinds; each guard is still bound once. */
    public GuardWeaver restrictedTo(Set<String> kinds) {
        return new GuardWeaver(bound, kinds);
    }

    /** The plans made so far, whole ones also for restricted weavers, in the order of their making; for reports. */
    public List<GuardPlan> plans() {
        return bound.plans();
    }

    private static @Nullable GuardPlan bind(
            GuardedMethod method, List<GuardBinder> binders, List<ResultAdapter> adapters) {
        List<Guard> guards = binders.stream()
                .<Guard>mapMulti((binder, found) -> {
                    Guard guard = binder.bind(method);
                    if (guard != null) {
                        found.accept(guard);
                    }
                })
                .toList();
        return guards.isEmpty() ? null : GuardPlan.of(method, guards, adapters);
    }

    private static @Nullable GuardPlan select(@Nullable GuardPlan whole, Set<String> kinds) {
        if (whole == null) {
            return null;
        }
        List<Guard> some = whole.guards().stream()
                .filter(guard -> kinds.contains(guard.kind()))
                .toList();
        if (some.isEmpty()) {
            return null;
        }
        return some.size() == whole.guards().size() ? whole : whole.withGuards(some);
    }
}
