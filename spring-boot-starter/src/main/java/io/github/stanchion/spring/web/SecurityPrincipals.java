package io.github.stanchion.spring.web;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** Who is logged in, as Spring Security knows; nobody, if the user is anonymous. */
public final class SecurityPrincipals {

    private SecurityPrincipals() {}

    /** The name of who is logged in on this thread. */
    public static @Nullable String ofThread() {
        return name(SecurityContextHolder.getContext());
    }

    private static @Nullable String name(@Nullable SecurityContext context) {
        Authentication authentication = context == null ? null : context.getAuthentication();
        return authentication == null
                        || !authentication.isAuthenticated()
                        || authentication instanceof AnonymousAuthenticationToken
                ? null
                : authentication.getName();
    }

    /** The part that needs Reactor. */
    public static final class Reactive {

        private Reactive() {}

        /** The name of who is logged in in this Reactor context, if it is known by now. */
        public static @Nullable String ofContext(ContextView context) {
            Mono<SecurityContext> security = context.getOrDefault(SecurityContext.class, null);
            return security == null ? null : name(security.toFuture().getNow(null));
        }
    }
}
