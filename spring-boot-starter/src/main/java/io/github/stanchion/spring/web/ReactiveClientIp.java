package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.spring.key.CallVariable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/** {@code #ip} in WebFlux applications; null outside of requests. */
public final class ReactiveClientIp implements CallVariable {

    private final ClientIpResolver resolver;

    public ReactiveClientIp(ClientIpResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public String name() {
        return "ip";
    }

    @Override
    public @Nullable Object value(GuardedCall call) {
        ServerWebExchange exchange = ReactiveCalls.exchange(call);
        return exchange == null ? null : clientIp(exchange.getRequest());
    }

    private @Nullable ClientIp clientIp(ServerHttpRequest request) {
        InetSocketAddress socket = request.getRemoteAddress();
        if (socket == null) {
            return null;
        }
        ClientIpResolver.HeaderLines headers = name -> request.getHeaders().getOrEmpty(name);
        InetAddress address = socket.getAddress();
        // Spring's forwarded-header support leaves the address unresolved; the text must not be resolved here either.
        return address == null
                ? resolver.resolve(socket.getHostString(), headers)
                : resolver.resolve(address.getAddress(), headers);
    }
}
