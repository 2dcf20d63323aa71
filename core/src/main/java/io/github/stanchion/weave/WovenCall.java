package io.github.stanchion.weave;

import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import org.aspectj.lang.ProceedingJoinPoint;
import org.jspecify.annotations.Nullable;

/** A call that AspectJ has caught on its way into the method's body. */
final class WovenCall implements GuardedCall {

    private final GuardedMethod method;
    private final ProceedingJoinPoint joinPoint;

    WovenCall(GuardedMethod method, ProceedingJoinPoint joinPoint) {
        this.method = method;
        this.joinPoint = joinPoint;
    }

    @Override
    public GuardedMethod method() {
        return method;
    }

    @Override
    public @Nullable Object target() {
        return joinPoint.getTarget();
    }

    @Override
    public @Nullable Object[] arguments() {
        return joinPoint.getArgs();
    }

    @Override
    public @Nullable Object proceed() throws Throwable {
        return joinPoint.proceed();
    }
}
