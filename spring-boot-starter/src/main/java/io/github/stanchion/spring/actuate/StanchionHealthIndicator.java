package io.github.stanchion.spring.actuate;

import io.github.stanchion.spring.metrics.Degradation;
import io.github.stanchion.spring.metrics.LockWatch;
import io.github.stanchion.spring.metrics.RateLimitCounts;
import io.github.stanchion.spring.metrics.RateLimitWatch;
import io.github.stanchion.spring.store.StoreInspection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * UP, or {@link #DEGRADED} while stores are away and policies make do without; details say which, how and since when.
 *
 * <p>Never DOWN: guards survive what it reports, and an orchestrator must not stop every instance for it. A crowded memory
 * store is a detail of an application that is UP. Thread-safe; looks at a store that lies elsewhere, for at most its command
 * timeout.
 */
public final class StanchionHealthIndicator implements HealthIndicator {

    /** A status that Boot's aggregate passes over and answers with 200. */
    public static final Status DEGRADED = new Status("DEGRADED");

    private final StoreReport store;
    private final RateLimitWatch watch;
    private final LockWatch locks;

    public StanchionHealthIndicator(StoreReport store, RateLimitWatch watch, LockWatch locks) {
        this.store = store;
        this.watch = watch;
        this.locks = locks;
    }

    @Override
    public Health health() {
        Map<String, Object> degraded = new TreeMap<>();
        for (RateLimitCounts counts : watch.all()) {
            Degradation degradation = counts.degradation();
            if (degradation != null) {
                degraded.put(counts.name(), details(degradation));
            }
        }
        Map<String, Object> degradedLocks = new TreeMap<>();
        locks.degradations().forEach((name, degradation) -> degradedLocks.put(name, details(degradation)));
        StoreInspection.Finding finding = store.look();
        Health.Builder health = Health.status(
                finding.available() && degraded.isEmpty() && degradedLocks.isEmpty() ? Status.UP : DEGRADED);
        health.withDetail("store", finding.details());
        if (!degraded.isEmpty()) {
            health.withDetail("rate-limits", degraded);
        }
        if (!degradedLocks.isEmpty()) {
            health.withDetail("locks", degradedLocks);
        }
        return health.build();
    }

    private static Map<String, String> details(Degradation degradation) {
        return Map.of(
                "runsOn", degradation.runsOn().name().toLowerCase(Locale.ROOT),
                "since", degradation.since().toString());
    }
}
