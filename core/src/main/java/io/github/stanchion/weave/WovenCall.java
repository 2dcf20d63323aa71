package io.github.stanchion.weave;

import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import org.aspectj.lang.ProceedingJoinPoint;
import org.jspecify.annotations.Nullable;

/** A call that AspectJ has caught on its way into the method's body. */
final class WovenCall implements GuardedCall {

    private final GuardedMethod method;
    private final ProceedingJoinPoint joinPoint;
    private final @Nullable Object context;

    /** @param context where the call comes from; null where the thread that decides tells */
    WovenCall(GuardedMethod method, ProceedingJoinPoint joinPoint, @Nullable Object context) {
        this.method = method;
        this.joinPoint = joinPoint;
        this.context = context;
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
    public @Nullable Object context() {
        return context;
    }

    @Override
    public @Nullable Object proceed() throws Throwable {
        return joinPoint.proceed();
    }
}
