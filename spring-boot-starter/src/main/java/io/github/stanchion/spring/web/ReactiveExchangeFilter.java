package io.github.stanchion.spring.web;

import org.springframework.core.Ordered;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets guarded calls find the exchange that they belong to, in the Reactor context, from Spring Security's filters inward.
 *
 * <p>Uses the name that Spring's own {@link ServerWebExchangeContextFilter} uses, which is not registered by itself, and
 * stands last in line.
 */
public final class ReactiveExchangeFilter implements WebFilter, Ordered {

    @Override
    public int getOrder() {
        return GuardProblems.FILTER_ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return chain.filter(exchange)
                .contextWrite(
                        context -> context.put(ServerWebExchangeContextFilter.EXCHANGE_CONTEXT_ATTRIBUTE, exchange));
    }
}
