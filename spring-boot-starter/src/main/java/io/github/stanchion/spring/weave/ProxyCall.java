package io.github.stanchion.spring.weave;

import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.weave.GuardMark;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;

/** A call that a proxy has caught. */
final class ProxyCall implements GuardedCall {

    private final GuardedMethod method;
    private final MethodInvocation invocation;
    private final boolean repeatable;
    private final boolean marked;
    private final @Nullable Object context;

    /**
     * @param repeatable whether what is guarded may run several times, as with publishers
     * @param marked whether the method's body is woven too and must not guard the call again
     * @param context where the call comes from; null where the thread that decides tells
     */
    ProxyCall(
            GuardedMethod method,
            MethodInvocation invocation,
            boolean repeatable,
            boolean marked,
            @Nullable Object context) {
        this.method = method;
        this.invocation = invocation;
        this.repeatable = repeatable;
        this.marked = marked;
        this.context = context;
    }

    @Override
    public GuardedMethod method() {
        return method;
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
    public @Nullable Object context() {
        return context;
    }

    @Override
    public @Nullable Object proceed() throws Throwable {
        MethodInvocation rest = repeatable && invocation instanceof ProxyMethodInvocation proxied
                ? proxied.invocableClone()
                : invocation;
        return marked ? GuardMark.guarded(method.method(), target(), rest::proceed) : rest.proceed();
    }
}
