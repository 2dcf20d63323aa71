package io.github.stanchion.spring.weave;

import io.github.stanchion.guard.CallOrigin;
import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.spring.weave.GuardAdvisor.Stage;
import io.github.stanchion.weave.GuardMark;
import io.github.stanchion.weave.GuardWeaver;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;

/**
 * Hands calls of proxied methods to the executor.
 *
 * <p>What it knows of a method is looked up by the method object that the proxy holds, one hash lookup per call. Thread-safe.
 */
final class GuardInterceptor implements MethodInterceptor {

    private final Stage stage;
    private final Set<String> kinds;
    private final Supplier<GuardExecutor> executors;
    private final Supplier<GuardWeaver> weavers;
    private final Supplier<CallOrigin> origins;
    private final ConcurrentMap<Method, KnownMethod> knownMethods = new ConcurrentHashMap<>();
    private volatile @Nullable Tools tools;

    GuardInterceptor(
            Stage stage,
            Set<String> kinds,
            Supplier<GuardExecutor> executors,
            Supplier<GuardWeaver> weavers,
            Supplier<CallOrigin> origins) {
        this.stage = stage;
        this.kinds = Set.copyOf(kinds);
        this.executors = executors;
        this.weavers = weavers;
        this.origins = origins;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        Class<?> type = target == null ? invocation.getMethod().getDeclaringClass() : target.getClass();
        KnownMethod known = knownMethods.get(invocation.getMethod());
        while (known != null && known.type != type) {
            known = known.next;
        }
        if (known == null) {
            known = learn(invocation.getMethod(), type, target);
        }
        GuardPlan plan = known.plan;
        if (plan == null) {
            return invocation.proceed();
        }
        Tools all = tools();
        GuardedCall call = plan.adapter() == null
                ? new ProxyCall(known, invocation, null)
                : new ProxyCall(known, unstarted(invocation), all.origin.current());
        return all.executor.execute(plan, call);
    }

    /** Results that come later may run the rest of the call more than once, or never: it starts from a copy each time. */
    private static MethodInvocation unstarted(MethodInvocation invocation) {
        return invocation instanceof ProxyMethodInvocation proxied ? proxied.invocableClone() : invocation;
    }

    private KnownMethod learn(Method method, Class<?> type, @Nullable Object target) {
        Class<?> userClass = ClassUtils.getUserClass(target == null ? type : AopProxyUtils.ultimateTargetClass(target));
        Method specific = AopUtils.getMostSpecificMethod(method, userClass);
        GuardPlan whole = tools().weaver.plan(specific, userClass);
        GuardPlan plan = tools().restricted.plan(specific, userClass);
        boolean innermost = stage == Stage.AFTER_AUTHORIZATION
                || whole != null
                        && kinds.containsAll(whole.guards().stream()
                                .map(guard -> guard.kind())
                                .toList());
        boolean marked = innermost && GuardMark.isWoven(specific);
        return knownMethods.compute(method, (same, others) -> new KnownMethod(type, plan, marked, others));
    }

    private Tools tools() {
        Tools current = tools;
        if (current == null) {
            GuardWeaver weaver = weavers.get();
            current = new Tools(executors.get(), weaver, weaver.restrictedTo(kinds), origins.get());
            tools = current;
        }
        return current;
    }

    private record Tools(GuardExecutor executor, GuardWeaver weaver, GuardWeaver restricted, CallOrigin origin) {}
}
