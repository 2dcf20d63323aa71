package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreContentionException;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.ProblemDetail;

/**
 * Makes the answer to a refused call, an RFC 9457 problem: the one place that decides it, on MVC and WebFlux, in handlers and
 * filters. Thread-safe.
 */
public final class GuardProblems {

    /** Outside of Spring Security's filters, which are at -100, and of the request context's, at -105. */
    static final int FILTER_ORDER = -110;

    /** Before an application's catch-all advice without an order, after every advice with one. */
    static final int ADVICE_ORDER = Ordered.LOWEST_PRECEDENCE - 10;

    private static final List<Class<? extends StoreException>> OUTAGES = List.of(
            StoreUnreachableException.class,
            StoreTimeoutException.class,
            StoreContentionException.class,
            StoreFullException.class,
            StoreClosedException.class);

    private static final Logger LOG = System.getLogger(GuardProblems.class.getName());

    private final Map<Class<? extends GuardRejectedException>, RejectionProblem> table;
    private final @Nullable URI typeBase;
    private final List<ProblemCustomizer> customizers;

    /**
     * @param kinds what exceptions become, beside those that are known anyway; these cannot be changed
     * @param typeBase start of the problems' types, null for the registered ones
     */
    public GuardProblems(List<RejectionProblem> kinds, @Nullable URI typeBase, List<ProblemCustomizer> customizers) {
        Map<Class<? extends GuardRejectedException>, RejectionProblem> byType = new HashMap<>();
        RejectionProblem.known().forEach(kind -> byType.put(kind.exception(), kind));
        kinds.forEach(kind -> byType.putIfAbsent(kind.exception(), kind));
        this.table = Map.copyOf(byType);
        this.typeBase = typeBase;
        this.customizers = List.copyOf(customizers);
    }

    /** The answer; called once per refused request. */
    public GuardProblem answer(GuardRejectedException rejection) {
        RejectionProblem kind = table.getOrDefault(rejection.getClass(), RejectionProblem.UNKNOWN);
        ProblemDetail detail = ProblemDetail.forStatus(kind.status());
        detail.setTitle(kind.title());
        detail.setDetail(rejection.getMessage());
        URI type = kind.type(typeBase);
        if (type != null) {
            detail.setType(type);
        }
        kind.properties().of(rejection).forEach(detail::setProperty);
        customizers.forEach(customizer -> customize(customizer, detail, rejection));
        detail.setStatus(kind.status());
        return new GuardProblem(
                detail, rejection.retryAfter().map(GuardProblems::wholeSeconds).orElse(null));
    }

    /**
     * The answer to a request whose handler needs the store itself, and not through a guard, while that cannot be used; null if
     * the trouble is with what the store holds, which is the application's.
     */
    @Nullable
    GuardProblem answer(StoreException trouble) {
        if (OUTAGES.stream().noneMatch(outage -> outage.isInstance(trouble))) {
            return null;
        }
        LOG.log(Level.WARNING, () -> "Request failed with 503: " + trouble.getMessage());
        RejectionProblem kind = Objects.requireNonNull(table.get(StoreUnavailableException.class));
        ProblemDetail detail = ProblemDetail.forStatus(kind.status());
        detail.setTitle(kind.title());
        detail.setDetail("What this request needs is not available");
        URI type = kind.type(typeBase);
        if (type != null) {
            detail.setType(type);
        }
        return new GuardProblem(detail, 1L);
    }

    /** The answer to a failure that went past all handlers; null if it is none of a guard or a store. */
    @Nullable
    GuardProblem find(@Nullable Throwable failure) {
        if (failure instanceof GuardRejectedException rejection) {
            return answer(rejection);
        }
        return failure instanceof StoreException trouble ? answer(trouble) : null;
    }

    private static void customize(
            ProblemCustomizer customizer, ProblemDetail detail, GuardRejectedException rejection) {
        try {
            customizer.customize(detail, rejection);
        } catch (RuntimeException trouble) {
            LOG.log(
                    Level.WARNING,
                    () -> "Problem customizer " + customizer.getClass().getName() + " failed",
                    trouble);
        }
    }

    /** Rounded up, so that who waits that long does not come too early; at least 1. */
    static long wholeSeconds(Duration wait) {
        long seconds = wait.getSeconds() + (wait.getNano() > 0 ? 1 : 0);
        return Math.max(1, seconds);
    }
}
