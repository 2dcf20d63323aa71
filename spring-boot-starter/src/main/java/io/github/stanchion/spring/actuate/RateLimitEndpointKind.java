package io.github.stanchion.spring.actuate;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.LeaseSettings;
import io.github.stanchion.limit.RateLimitGuard;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitPolicy;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.limit.RateOutcome;
import io.github.stanchion.spring.metrics.Degradation;
import io.github.stanchion.spring.metrics.RateLimitCounts;
import io.github.stanchion.spring.metrics.RateLimitWatch;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rate limits in the endpoint: effective policies, live figures, peek and reset. */
public final class RateLimitEndpointKind implements EndpointKind {

    private static final int MOST_SHOWN = 20;

    private final RateLimiters limiters;
    private final RateLimitPolicies policies;
    private final RateLimitWatch watch;
    private final RefusedSubjects refused;
    private final EventLog events;
    private final SubjectHandles handles;
    private final PropertyOrigins origins;

    public RateLimitEndpointKind(
            RateLimiters limiters,
            RateLimitPolicies policies,
            RateLimitWatch watch,
            RefusedSubjects refused,
            EventLog events,
            SubjectHandles handles,
            PropertyOrigins origins) {
        this.limiters = limiters;
        this.policies = policies;
        this.watch = watch;
        this.refused = refused;
        this.events = events;
        this.handles = handles;
        this.origins = origins;
    }

    @Override
    public String path() {
        return "rate-limits";
    }

    @Override
    public String kind() {
        return RateLimitGuard.KIND;
    }

    @Override
    public Map<String, ?> summaries() {
        Map<String, Object> summaries = new LinkedHashMap<>();
        policies.all().forEach(policy -> summaries.put(policy.name(), summary(policy)));
        return summaries;
    }

    @Override
    public @Nullable Object describe(String name, boolean keysShown) {
        return policies.find(name).map(policy -> description(policy, keysShown)).orElse(null);
    }

    @Override
    public @Nullable Object act(String name, String action, @Nullable String handle, List<String> key) {
        RateLimitPolicy policy = policies.find(name).orElse(null);
        if (policy == null) {
            return null;
        }
        Object subject = handle == null ? key : known(policy, handle);
        return switch (action) {
            case "peek" -> peeked(limiters.peek(policy, subject));
            case "reset" -> Map.of("name", policy.name(), "reset", limiters.reset(policy, subject));
            default -> throw new IllegalArgumentException("Action is unknown; use peek or reset");
        };
    }

    private StoreKey known(RateLimitPolicy policy, String handle) {
        Stream<StoreKey> counted = refused.of(policy.name()).stream().map(RefusedSubjects.Refused::subject);
        StoreKey subject = handles.find(handle, Stream.concat(counted, events.subjects(policy.name())));
        if (subject == null) {
            throw new IllegalArgumentException("Handle is unknown to this process; look again, or send the key");
        }
        return subject;
    }

    private static Map<String, Object> peeked(RateLimitVerdict verdict) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", verdict.name());
        answer.put("admits", verdict.admitted());
        if (verdict.limit() != Long.MAX_VALUE) {
            answer.put("limit", verdict.limit());
            answer.put("remaining", verdict.remaining());
            answer.put("nextPermitAfter", verdict.nextPermitAfter().toString());
            answer.put("resetAfter", verdict.resetAfter().toString());
        }
        return answer;
    }

    private Map<String, Object> summary(RateLimitPolicy policy) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("kind", kind());
        summary.put("name", policy.name());
        summary.put("mode", word(policy.mode()));
        summary.put("limit", policy.describeLimit());
        summary.put("methods", policies.methods(policy.name()));
        RateLimitCounts counts = watch.of(policy.name());
        summary.put("decisions", decisions(counts));
        if (counts.lastRejection() != null) {
            summary.put("lastRejection", counts.lastRejection().toString());
        }
        return summary;
    }

    private static Map<String, Long> decisions(RateLimitCounts counts) {
        Map<String, Long> decisions = new LinkedHashMap<>();
        for (RateOutcome outcome : RateOutcome.values()) {
            decisions.put(outcome.name().toLowerCase(Locale.ROOT), counts.decisions(outcome));
        }
        return decisions;
    }

    private Map<String, Object> description(RateLimitPolicy policy, boolean keysShown) {
        Map<String, Object> description = summary(policy);
        description.put("algorithm", word(policy.algorithm()));
        description.put(
                "bandwidths",
                policy.bandwidths().stream()
                        .map(RateLimitEndpointKind::bandwidth)
                        .toList());
        description.put("worstCase", WorstCase.of(policy));
        description.put("settings", settings(policy));
        description.put("origins", origins.located(policies.origins(policy.name())));
        Map<String, String> plans = new LinkedHashMap<>();
        for (String plan : policy.plans()) {
            RateLimitPolicy planned = policy.plan(plan);
            plans.put(plan, planned == null ? "" : planned.describeLimit());
        }
        description.put("plans", plans);
        description.put("waiting", policies.waiting(policy.name()));
        if (policy.settings().lease() != null) {
            description.put("leased", limiters.leased(policy.name()));
        }
        description.put(
                "mostRefused",
                refused.of(policy.name()).stream()
                        .limit(MOST_SHOWN)
                        .map(subject -> refused(subject, keysShown))
                        .toList());
        Degradation degradation = watch.of(policy.name()).degradation();
        if (degradation != null) {
            description.put(
                    "degraded",
                    Map.of(
                            "runsOn",
                            word(degradation.runsOn()),
                            "since",
                            degradation.since().toString()));
        }
        return description;
    }

    private Map<String, Object> refused(RefusedSubjects.Refused subject, boolean keysShown) {
        Map<String, Object> answer = handles.describe(subject.subject(), keysShown);
        answer.put("refused", subject.refused());
        if (subject.tooHighBy() > 0) {
            answer.put("tooHighByUpTo", subject.tooHighBy());
        }
        answer.put(
                "last",
                Instant.EPOCH.plus(subject.lastMicros(), ChronoUnit.MICROS).toString());
        return answer;
    }

    private static Map<String, Object> bandwidth(Bandwidth bandwidth) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("limit", bandwidth.toString());
        answer.put("capacity", bandwidth.capacity());
        answer.put("refill", bandwidth.refill());
        answer.put("period", Duration.ofNanos(bandwidth.periodMicros() * 1_000).toString());
        answer.put("r", bandwidth.rate());
        answer.put("p", bandwidth.parts());
        return answer;
    }

    /** What holds, given or by default; expressions only where they are given. */
    private static Map<String, Object> settings(RateLimitPolicy policy) {
        RateLimitSettings given = policy.settings();
        Map<String, Object> settings = new LinkedHashMap<>();
        putGiven(settings, "key", given.key());
        putGiven(settings, "cost", given.cost());
        putGiven(settings, "condition", given.condition());
        putGiven(settings, "plan", given.plan());
        settings.put("count", word(policy.count()));
        putGiven(settings, "refund-when", given.refundWhen());
        putGiven(settings, "settle", given.settle());
        settings.put("max-debt", policy.maxDebt());
        settings.put("max-wait", policy.maxWait().toString());
        settings.put("max-waiters", policy.maxWaiters());
        putGiven(settings, "fallback", given.fallback());
        settings.put("on-store-failure", word(policy.onStoreFailure()));
        settings.put("on-missing-key", word(policy.onMissingKey()));
        putGiven(settings, "hash-tag", given.hashTag());
        settings.put("denial-cache", word(policy.denialCaching()));
        putGiven(settings, "lease", given.lease() == null ? null : lease(given.lease()));
        return settings;
    }

    private static Map<String, Object> lease(LeaseSettings given) {
        Map<String, Object> lease = new LinkedHashMap<>();
        putGiven(lease, "permits", given.permits());
        lease.put("ttl", given.ttlOrUsual().toString());
        return lease;
    }

    private static void putGiven(Map<String, Object> settings, String name, @Nullable Object value) {
        if (value != null) {
            settings.put(name, value);
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
