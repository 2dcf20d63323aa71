package io.github.stanchion.weave;

import io.github.stanchion.guard.CallOrigin;
import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.guard.GuardPlan;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aspectj.lang.Aspects;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.reflect.MethodSignature;
import org.jspecify.annotations.Nullable;

/**
 * Guards methods that AspectJ has woven, whoever calls them: also private, static and final ones, self-calls and plain
 * objects.
 *
 * <p>Which methods are woven is the business of {@code WovenMark}. The aspect is bound to the application that started last;
 * when that ends, to the one before. A woven method that is called while nothing is bound is refused, so that no guard is
 * missing silently.
 */
@Aspect
public final class GuardAspect {

    private final List<Binding> bindings = new CopyOnWriteArrayList<>();

    /**
     * Lets woven methods be guarded by this application, until the binding is closed.
     *
     * @param origin knows where calls come from; {@link CallOrigin#UNKNOWN} if nothing needs to know
     * @return ends the binding; closing it twice does nothing
     */
    public static Binding bind(GuardExecutor executor, GuardWeaver weaver, CallOrigin origin) {
        GuardAspect aspect = Aspects.aspectOf(GuardAspect.class);
        Binding binding = new Binding(aspect, executor, weaver, origin);
        aspect.bindings.add(binding);
        return binding;
    }

    /** Proxies that are generated below an annotated class inherit its annotations, and only pass calls on. */
    @Around("execution(@io.github.stanchion.weave.Woven * *(..)) && !within(*..*$$*)")
    public @Nullable Object guard(ProceedingJoinPoint joinPoint) throws Throwable {
        // ajc adds a method for each private member that advice uses, in an order that differs from build to build.
        return guarded(joinPoint);
    }

    private @Nullable Object guarded(ProceedingJoinPoint joinPoint) throws Throwable {
        Method method = ((MethodSignature) joinPoint.getSignature()).getMethod();
        Object target = joinPoint.getTarget();
        if (GuardMark.take(method, target)) {
            return joinPoint.proceed();
        }
        Binding binding = current(method);
        GuardPlan plan = binding.weaver.plan(method, targetClass(method, target));
        if (plan == null) {
            return joinPoint.proceed();
        }
        if (plan.method().signature().isSuspending()) {
            // It is entered anew each time it resumes, so a guard in its body would count one call several times.
            throw new IllegalStateException(
                    "Suspending function " + plan.method().displayName()
                            + " is woven by AspectJ, and only a proxy can guard it; do not weave its class");
        }
        Object context = plan.adapter() == null ? null : binding.origin.current();
        return binding.executor.execute(plan, new WovenCall(plan.method(), joinPoint, context));
    }

    private Binding current(Method method) {
        // The last one may end between two looks at the list.
        Object[] all = bindings.toArray();
        if (all.length == 0) {
            throw new IllegalStateException(
                    "Guarded method '" + method.getDeclaringClass().getName() + "."
                            + method.getName()
                            + "' is woven by AspectJ, but no running application guards woven methods; set"
                            + " stanchion.weaving=aspectj, or call GuardAspect.bind, before the first call, or do not weave it");
        }
        return (Binding) all[all.length - 1];
    }

    /** The user's class: what frameworks generate below it has two dollar signs in its name. */
    private static Class<?> targetClass(Method method, @Nullable Object target) {
        if (target == null) {
            return method.getDeclaringClass();
        }
        Class<?> type = target.getClass();
        while (type.getName().contains("$$") && method.getDeclaringClass() != type) {
            type = type.getSuperclass();
        }
        return type;
    }

    /** That woven methods are guarded by one application. */
    public static final class Binding implements AutoCloseable {

        private final GuardAspect aspect;
        private final GuardExecutor executor;
        private final GuardWeaver weaver;
        private final CallOrigin origin;

        private Binding(GuardAspect aspect, GuardExecutor executor, GuardWeaver weaver, CallOrigin origin) {
            this.aspect = aspect;
            this.executor = executor;
            this.weaver = weaver;
            this.origin = origin;
        }

        @Override
        public void close() {
            aspect.bindings.remove(this);
        }
    }
}
