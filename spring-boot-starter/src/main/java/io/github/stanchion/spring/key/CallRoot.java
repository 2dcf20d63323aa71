package io.github.stanchion.spring.key;

import io.github.stanchion.guard.GuardedCall;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What {@code #root} is: the call itself. Public, as compiled expressions read it from a package of their own. */
public final class CallRoot {

    private final GuardedCall call;

    CallRoot(GuardedCall call) {
        this.call = call;
    }

    public Method getMethod() {
        return call.method().method();
    }

    public @Nullable Object getTarget() {
        return call.target();
    }

    public Class<?> getTargetClass() {
        return call.method().targetClass();
    }

    public @Nullable Object[] getArgs() {
        @Nullable Object[] all = call.arguments();
        return call.method().signature().isSuspending() ? Arrays.copyOf(all, all.length - 1) : all;
    }
}
