package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.limit.RateLimitDecision;
import org.springframework.web.server.ServerWebExchange;

/** Hears decisions about calls of a WebFlux exchange, and tells its client what is left. */
public final class ReactiveQuotaListener implements GuardListener {

    private final RateLimitHeaders headers;

    public ReactiveQuotaListener(RateLimitHeaders headers) {
        this.headers = headers;
    }

    @Override
    public void onEvent(GuardEvent event) {
        if (headers.sendsNothing() || !(event instanceof RateLimitDecision decision) || decision.call() == null) {
            return;
        }
        ServerWebExchange exchange = ReactiveCalls.exchange(decision.call());
        Quota quota = exchange == null ? null : headers.quota(decision);
        if (exchange != null && quota != null) {
            ReactiveQuotas.add(exchange, headers, quota);
        }
    }
}
