package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.limit.RateLimitDecision;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Hears decisions about calls of a servlet request, and tells its client what is left. */
public final class ServletQuotaListener implements GuardListener {

    private final RateLimitHeaders headers;

    public ServletQuotaListener(RateLimitHeaders headers) {
        this.headers = headers;
    }

    @Override
    public void onEvent(GuardEvent event) {
        if (headers.sendsNothing() || !(event instanceof RateLimitDecision decision) || decision.call() == null) {
            return;
        }
        ServletRequestAttributes attributes = ServletCalls.attributes(decision.call());
        HttpServletResponse response = attributes == null ? null : attributes.getResponse();
        Quota quota = response == null ? null : headers.quota(decision);
        if (attributes != null && response != null && quota != null) {
            ServletQuotas.of(attributes.getRequest(), response, headers).add(quota);
        }
    }
}
