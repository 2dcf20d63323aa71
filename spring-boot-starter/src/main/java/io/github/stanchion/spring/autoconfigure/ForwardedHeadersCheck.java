package io.github.stanchion.spring.autoconfigure;

import java.util.Locale;
import java.util.function.Consumer;
import org.springframework.core.env.Environment;

/** Warns when the server has replaced the caller's address already, so that {@code trusted-proxies} never sees the proxy's. */
final class ForwardedHeadersCheck implements GuardCheck {

    private static final String STRATEGY = "server.forward-headers-strategy";

    private final Environment environment;
    private final StanchionProperties properties;

    ForwardedHeadersCheck(Environment environment, StanchionProperties properties) {
        this.environment = environment;
        this.properties = properties;
    }

    @Override
    public void all(Consumer<String> warnings) {
        String strategy = environment.getProperty(STRATEGY, "none").toLowerCase(Locale.ROOT);
        if (strategy.equals("none")
                || properties.web().clientIp().trustedProxies().isEmpty()) {
            return;
        }
        warnings.accept("Property stanchion.web.client-ip.trusted-proxies is set beside " + STRATEGY + "=" + strategy
                + ", which replaces the caller's address first"
                + (strategy.equals("framework") ? " and believes everybody" : "")
                + "; keep one of the two");
    }
}
