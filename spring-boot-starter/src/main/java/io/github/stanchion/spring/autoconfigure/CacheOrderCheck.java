package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.lock.LockGuard;
import io.github.stanchion.spring.weave.GuardAdvisor.Stage;
import java.util.Collection;
import java.util.function.Consumer;
import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.Ordered;

/** Warns where a cache is asked inside of a lock: what it knows already waits for the lock all the same. */
final class CacheOrderCheck implements GuardCheck {

    private static final int GUARDS = Stage.AFTER_AUTHORIZATION.order();

    private final ObjectProvider<Advisor> advisors;

    CacheOrderCheck(ObjectProvider<Advisor> advisors) {
        this.advisors = advisors;
    }

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        boolean locked = plan.guards().stream().anyMatch(LockGuard.class::isInstance);
        if (locked && advisors.stream().anyMatch(advisor -> isInside(advisor) && reads(advisor, plan.method()))) {
            warnings.accept("Cache of " + plan.method().displayName() + " is asked inside of its lock, order " + GUARDS
                    + ", so that hits wait for the lock too; set an order below " + GUARDS
                    + " in @EnableCaching, or lock the method that computes");
        }
    }

    private static boolean isInside(Advisor advisor) {
        return !(advisor instanceof Ordered ordered) || ordered.getOrder() >= GUARDS;
    }

    /** Evicting and putting belong inside. */
    private static boolean reads(Advisor advisor, GuardedMethod method) {
        if (!(advisor instanceof PointcutAdvisor && advisor.getAdvice() instanceof CacheInterceptor cache)) {
            return false;
        }
        CacheOperationSource source = cache.getCacheOperationSource();
        Collection<CacheOperation> operations =
                source == null ? null : source.getCacheOperations(method.method(), method.targetClass());
        return operations != null && operations.stream().anyMatch(CacheableOperation.class::isInstance);
    }
}
