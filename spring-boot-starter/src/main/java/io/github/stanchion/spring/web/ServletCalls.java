package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardedCall;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Finds the request that a guarded call belongs to: the adapter knows it, the thread, or an argument is it. */
final class ServletCalls {

    private ServletCalls() {}

    static @Nullable ServletRequestAttributes attributes(GuardedCall call) {
        if (call.context() instanceof ServletRequestAttributes known) {
            return known;
        }
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes bound ? bound : null;
    }

    static @Nullable HttpServletRequest request(GuardedCall call) {
        ServletRequestAttributes attributes = attributes(call);
        if (attributes != null) {
            return attributes.getRequest();
        }
        for (Object argument : call.arguments()) {
            if (argument instanceof HttpServletRequest request) {
                return request;
            }
        }
        return null;
    }
}
