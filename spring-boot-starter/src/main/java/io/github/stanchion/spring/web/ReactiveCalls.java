package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardedCall;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.util.context.ContextView;

/** Finds the exchange that a guarded call belongs to: the Reactor context knows it, or an argument is it. */
final class ReactiveCalls {

    private ReactiveCalls() {}

    static @Nullable ContextView context(GuardedCall call) {
        return call.context() instanceof ContextView context ? context : null;
    }

    static @Nullable ServerWebExchange exchange(GuardedCall call) {
        for (Object argument : call.arguments()) {
            if (argument instanceof ServerWebExchange exchange) {
                return exchange;
            }
            if (argument instanceof ServerRequest request) {
                return request.exchange();
            }
        }
        ContextView context = context(call);
        return context == null
                ? null
                : context.getOrDefault(ServerWebExchangeContextFilter.EXCHANGE_CONTEXT_ATTRIBUTE, null);
    }
}
