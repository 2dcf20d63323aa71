package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.spring.key.CallVariable;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** {@code #principal} in servlet applications: the name of who is logged in; null if nobody is. */
public final class ServletPrincipal implements CallVariable {

    private final LoggedIn loggedIn;

    /** @param loggedIn asked before the request */
    public ServletPrincipal(LoggedIn loggedIn) {
        this.loggedIn = loggedIn;
    }

    @Override
    public String name() {
        return "principal";
    }

    @Override
    public @Nullable Object value(GuardedCall call) {
        String name = loggedIn.name();
        if (name != null) {
            return name;
        }
        HttpServletRequest request = ServletCalls.request(call);
        Principal principal = request == null ? null : request.getUserPrincipal();
        return principal == null ? null : principal.getName();
    }

    /** Knows who is logged in on this thread. */
    @FunctionalInterface
    public interface LoggedIn {

        /** Null if nobody is. */
        @Nullable
        String name();
    }
}
