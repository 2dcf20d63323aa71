package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.spring.key.CallVariable;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.util.context.ContextView;

/** {@code #principal} in WebFlux applications: the name of who is logged in; null if nobody is, or if it is not known yet. */
public final class ReactivePrincipal implements CallVariable {

    private final LoggedIn loggedIn;

    /** @param loggedIn asked before the exchange */
    public ReactivePrincipal(LoggedIn loggedIn) {
        this.loggedIn = loggedIn;
    }

    @Override
    public String name() {
        return "principal";
    }

    @Override
    public @Nullable Object value(GuardedCall call) {
        ContextView context = ReactiveCalls.context(call);
        String name = context == null ? null : loggedIn.name(context);
        if (name != null) {
            return name;
        }
        ServerWebExchange exchange = ReactiveCalls.exchange(call);
        if (exchange == null) {
            return null;
        }
        Principal principal = exchange.getPrincipal().toFuture().getNow(null);
        return principal == null ? null : principal.getName();
    }

    /** Knows who is logged in in a Reactor context. */
    @FunctionalInterface
    public interface LoggedIn {

        /** Null if nobody is, or if it is not known yet. */
        @Nullable
        String name(ContextView context);
    }
}
