package io.github.stanchion.spring.reactive;

import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/** A call as one subscriber makes it; its context is the subscriber's, unless the caller's is known. */
record SubscribedCall(GuardedCall call, ContextView subscriber) implements GuardedCall {

    @Override
    public Object context() {
        Object caller = call.context();
        return caller == null ? subscriber : caller;
    }

    @Override
    public GuardedMethod method() {
        return call.method();
    }

    @Override
    public @Nullable Object target() {
        return call.target();
    }

    @Override
    public @Nullable Object[] arguments() {
        return call.arguments();
    }

    @Override
    public @Nullable Object proceed() throws Throwable {
        return call.proceed();
    }
}
