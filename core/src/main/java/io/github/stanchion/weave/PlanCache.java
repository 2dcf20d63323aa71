package io.github.stanchion.weave;

import io.github.stanchion.guard.GuardPlan;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Plans by method and class, held by the class itself.
 *
 * <p>No lock is held while a plan is made, as making one may need objects that other threads are making. What is kept in a
 * class must not refer to this cache: else the class would keep the cache after its application has ended.
 */
final class PlanCache {

    private final BiFunction<Method, Class<?>, @Nullable GuardPlan> maker;
    private final ClassPlans byClass = new ClassPlans();
    private final List<WeakReference<GuardPlan>> made = new CopyOnWriteArrayList<>();

    PlanCache(BiFunction<Method, Class<?>, @Nullable GuardPlan> maker) {
        this.maker = maker;
    }

    @Nullable
    GuardPlan get(Method method, Class<?> targetClass) {
        Map<Method, Entry> plans = byClass.get(targetClass);
        Entry entry = plans.get(method);
        if (entry == null) {
            entry = make(plans, method, targetClass);
        }
        return entry.plan();
    }

    /** Those whose classes are still loaded. */
    List<GuardPlan> plans() {
        return made.stream().map(WeakReference::get).filter(Objects::nonNull).toList();
    }

    private Entry make(Map<Method, Entry> plans, Method method, Class<?> targetClass) {
        GuardPlan plan = maker.apply(method, targetClass);
        Entry own = plan == null ? Entry.NONE : new Entry(plan);
        Entry earlier = plans.putIfAbsent(method, own);
        if (earlier != null) {
            return earlier;
        }
        if (plan != null) {
            made.add(new WeakReference<>(plan));
        }
        return own;
    }

    private record Entry(@Nullable GuardPlan plan) {
        static final Entry NONE = new Entry(null);
    }

    private static final class ClassPlans extends ClassValue<Map<Method, Entry>> {

        @Override
        protected Map<Method, Entry> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    }
}
