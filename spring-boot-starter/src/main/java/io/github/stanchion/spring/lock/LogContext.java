package io.github.stanchion.spring.lock;

import io.github.stanchion.guard.CallScope;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LeaseScopes;
import org.slf4j.MDC;

/** Puts {@code lock.name} and {@code lock.token} of the innermost lock into the context of the log. Thread-safe. */
public final class LogContext implements LeaseScopes {

    private static final String NAME = "lock.name";
    private static final String TOKEN = "lock.token";

    @Override
    public void entered(Lease lease) {
        MDC.put(NAME, lease.name());
        if (lease.fencingTokens().size() == 1) {
            MDC.put(TOKEN, Long.toString(lease.fencingToken()));
        } else {
            MDC.remove(TOKEN);
        }
    }

    /** Back to the lock further out, if there is one. */
    @Override
    public void exited(Lease lease) {
        Lease outer = CallScope.current().find(Lease.class, candidate -> candidate != lease);
        if (outer == null) {
            MDC.remove(NAME);
            MDC.remove(TOKEN);
        } else {
            entered(outer);
        }
    }
}
