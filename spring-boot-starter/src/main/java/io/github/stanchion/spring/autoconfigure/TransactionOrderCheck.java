package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.spring.weave.GuardAdvisor.Stage;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.transaction.interceptor.TransactionInterceptor;

/**
 * Stops the start where a method's transaction would begin outside of its inner guards: a lock would be free before what it
 * protects is committed. Rate limits and whatever else stands before authorization do not mind.
 */
final class TransactionOrderCheck implements GuardCheck {

    private static final int GUARDS = Stage.AFTER_AUTHORIZATION.order();

    private final Set<String> innerKinds;
    private final ObjectProvider<Advisor> advisors;

    TransactionOrderCheck(Set<String> innerKinds, ObjectProvider<Advisor> advisors) {
        this.innerKinds = Set.copyOf(innerKinds);
        this.advisors = advisors;
    }

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        plan.guards().stream()
                .map(guard -> guard.kind())
                .filter(innerKinds::contains)
                .findFirst()
                .ifPresent(kind -> advisors.forEach(advisor -> check(advisor, kind, plan.method())));
    }

    private static void check(Advisor advisor, String kind, GuardedMethod method) {
        if (advisor instanceof PointcutAdvisor candidate
                && candidate instanceof Ordered ordered
                && ordered.getOrder() <= GUARDS
                && candidate.getAdvice() instanceof TransactionInterceptor
                && covers(candidate.getPointcut(), method)) {
            throw new GuardConfigurationException(
                    "Transaction of " + method.displayName() + ", order " + ordered.getOrder()
                            + ", begins outside of its guard '" + kind + "', order " + GUARDS,
                    "Remove the order of @EnableTransactionManagement, so that transactions come last, or set one above "
                            + GUARDS + ".");
        }
    }

    private static boolean covers(Pointcut pointcut, GuardedMethod method) {
        return pointcut.getClassFilter().matches(method.targetClass())
                && pointcut.getMethodMatcher().matches(method.method(), method.targetClass());
    }
}
