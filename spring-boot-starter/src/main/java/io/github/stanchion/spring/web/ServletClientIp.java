package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.spring.key.CallVariable;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** {@code #ip} in servlet applications; null outside of requests. */
public final class ServletClientIp implements CallVariable {

    private final ClientIpResolver resolver;

    public ServletClientIp(ClientIpResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public String name() {
        return "ip";
    }

    @Override
    public @Nullable Object value(GuardedCall call) {
        HttpServletRequest request = ServletCalls.request(call);
        return request == null
                ? null
                : resolver.resolve(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
    }
}
