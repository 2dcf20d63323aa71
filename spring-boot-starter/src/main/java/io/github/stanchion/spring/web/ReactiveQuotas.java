package io.github.stanchion.spring.web;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Writes the fields of an exchange's quotas just before its response is committed. */
final class ReactiveQuotas {

    private static final String ATTRIBUTE = ReactiveQuotas.class.getName();

    private ReactiveQuotas() {}

    static void add(ServerWebExchange exchange, RateLimitHeaders headers, Quota quota) {
        RequestQuotas quotas = (RequestQuotas) exchange.getAttributes().computeIfAbsent(ATTRIBUTE, first -> {
            RequestQuotas made = headers.newRequest();
            ServerHttpResponse response = exchange.getResponse();
            response.beforeCommit(() -> Mono.fromRunnable(() -> write(made, response)));
            return made;
        });
        quotas.add(quota);
    }

    private static void write(RequestQuotas quotas, ServerHttpResponse response) {
        HttpStatusCode status = response.getStatusCode();
        HttpHeaders fields = response.getHeaders();
        quotas.write(status == null ? 200 : status.value(), (field, value) -> {
            if (value == null) {
                fields.remove(field);
            } else {
                fields.set(field, value);
            }
        });
    }
}
