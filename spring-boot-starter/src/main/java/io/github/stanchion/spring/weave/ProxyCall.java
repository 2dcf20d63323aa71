package io.github.stanchion.spring.weave;

import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.weave.GuardMark;
import java.util.Objects;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;

/** A call that a proxy has caught. */
final class ProxyCall implements GuardedCall {

    private final KnownMethod known;
    private final MethodInvocation invocation;
    private final @Nullable Object context;

    /**
     * @param known a method with a plan
     * @param invocation what is left of the call; where its result comes later, not begun, as it may run several times
     * @param context where the call comes from; null where the thread that decides tells
     */
    ProxyCall(KnownMethod known, MethodInvocation invocation, @Nullable Object context) {
        this.known = known;
        this.invocation = invocation;
        this.context = context;
    }

    @Override
    public GuardedMethod method() {
        return plan().method();
    }

    private GuardPlan plan() {
        return Objects.requireNonNull(known.plan);
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
        MethodInvocation rest = plan().adapter() != null && invocation instanceof ProxyMethodInvocation proxied
                ? proxied.invocableClone()
                : invocation;
        return known.marked ? GuardMark.guarded(method().method(), target(), rest::proceed) : rest.proceed();
    }
}
