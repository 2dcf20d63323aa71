package io.github.stanchion.spring.actuate;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/**
 * The POSTs of {@link StanchionEndpoint} on WebFlux, where only who answers with a publisher gets to see the request: those
 * with query parameters are refused, and so are all whose request cannot be seen.
 */
@EndpointWebExtension(endpoint = StanchionEndpoint.class)
public final class ReactiveStanchionEndpoint {

    private final StanchionEndpoint endpoint;

    public ReactiveStanchionEndpoint(StanchionEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** As {@link StanchionEndpoint#act}. */
    @WriteOperation
    public Mono<WebEndpointResponse<?>> act(
            SecurityContext operator,
            @Selector(match = Match.ALL_REMAINING) String[] path,
            String action,
            @Nullable String handle,
            @Nullable String key,
            @Nullable String key2,
            @Nullable String key3,
            @Nullable String key4,
            @Nullable String reason) {
        return unlessQueried(() -> endpoint.act(operator, path, action, handle, key, key2, key3, key4, reason));
    }

    /** As {@link StanchionEndpoint#actOnAll}. */
    @WriteOperation
    public Mono<WebEndpointResponse<?>> actOnAll(SecurityContext operator, String action) {
        return unlessQueried(() -> endpoint.actOnAll(operator, action));
    }

    private static Mono<WebEndpointResponse<?>> unlessQueried(Callable<WebEndpointResponse<?>> act) {
        return Mono.deferContextual(context -> isQueried(context)
                ? Mono.just(StanchionEndpoint.queried())
                : Mono.fromCallable(act).subscribeOn(Schedulers.boundedElastic()));
    }

    private static boolean isQueried(ContextView context) {
        return !(context.getOrDefault(ServerWebExchangeContextFilter.EXCHANGE_CONTEXT_ATTRIBUTE, null)
                        instanceof ServerWebExchange exchange)
                || exchange.getRequest().getURI().getRawQuery() != null;
    }
}
