package io.github.stanchion.weaving;

import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.GuardedMethod.AnnotationSource;
import io.github.stanchion.guard.SystemSleeper;
import io.github.stanchion.weave.GuardMark;
import io.github.stanchion.weave.GuardWeaver;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.RepeatableContainers;

/** A running application: two kinds of guards, one in each of two advisors. */
final class Proxies {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final GuardExecutor executor = new GuardExecutor(new SystemSleeper());
    final GuardWeaver weaver =
            new GuardWeaver(List.of(new Tally("outer", calls), new Tally("inner", calls)), new Searching(), List.of());

    <T> T proxy(T target) {
        ProxyFactory factory = new ProxyFactory(target);
        factory.setProxyTargetClass(true);
        factory.addAdvice(new Guarding(weaver.restrictedTo(Set.of("outer")), false));
        factory.addAdvice(new Guarding(weaver.restrictedTo(Set.of("inner")), true));
        @SuppressWarnings("unchecked") // It extends the target's class.
        T proxy = (T) factory.getProxy();
        return proxy;
    }

    private final class Guarding implements MethodInterceptor {

        private final GuardWeaver weaver;
        private final boolean innermost;

        Guarding(GuardWeaver weaver, boolean innermost) {
            this.weaver = weaver;
            this.innermost = innermost;
        }

        @Override
        public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
            Class<?> type = invocation.getThis().getClass();
            Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), type);
            GuardPlan plan = weaver.plan(method, type);
            return plan == null ? invocation.proceed() : executor.execute(plan, new Call(plan, invocation, innermost));
        }
    }

    private record Call(GuardPlan plan, MethodInvocation invocation, boolean innermost) implements GuardedCall {

        @Override
        public GuardedMethod method() {
            return plan.method();
        }

        @Override
        public @Nullable Object target() {
            return invocation.getThis();
        }

        @Override
        public @Nullable Object[] arguments() {
            return invocation.getArguments();
        }

        @Override
        public @Nullable Object proceed() throws Throwable {
            Method method = method().method();
            return innermost && GuardMark.isWoven(method)
                    ? GuardMark.guarded(method, target(), invocation::proceed)
                    : invocation.proceed();
        }
    }

    private record Searching() implements AnnotationSource {

        @Override
        public <A extends Annotation> List<A> find(Method method, Class<?> targetClass, Class<A> type) {
            MergedAnnotations own = MergedAnnotations.from(
                    method, SearchStrategy.TYPE_HIERARCHY, RepeatableContainers.standardRepeatables());
            MergedAnnotations inherited = MergedAnnotations.from(
                    targetClass, SearchStrategy.TYPE_HIERARCHY, RepeatableContainers.standardRepeatables());
            boolean classCounts = !own.isPresent(type) && Modifier.isPublic(method.getModifiers());
            return (classCounts ? inherited : own)
                    .stream(type).map(MergedAnnotation::synthesize).toList();
        }
    }
}
