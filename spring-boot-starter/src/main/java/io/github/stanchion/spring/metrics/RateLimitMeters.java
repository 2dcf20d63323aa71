package io.github.stanchion.spring.metrics;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.limit.RateLimitDecision;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettled;
import io.github.stanchion.limit.RateOutcome;
import io.github.stanchion.limit.RateSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Shows the counts of a {@link RateLimitWatch} as Micrometer meters, all of them from the start of a policy on.
 *
 * <p>Thread-safe. Counters read the watch when they are asked, so calls pay for no meter; only real waits are recorded one by
 * one. Tags are names of policies, outcomes and sources, never a key.
 */
public final class RateLimitMeters implements MeterBinder, GuardListener {

    private static final String KIND = "rate-limit";
    private static final String RATE = "stanchion.rate.";

    private final RateLimitPolicies policies;
    private final RateLimitWatch watch;
    private final ToLongFunction<String> leased;
    private final ConcurrentHashMap<String, List<Timer>> waits = new ConcurrentHashMap<>();

    /** @param leased the permits of a policy, by name, that this process has charged ahead and not spent */
    public RateLimitMeters(RateLimitPolicies policies, RateLimitWatch watch, ToLongFunction<String> leased) {
        this.policies = policies;
        this.watch = watch;
        this.leased = leased;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        watch.eachOnce(counts -> register(counts, registry));
        policies.watch(() -> policies.all().forEach(policy -> watch.of(policy.name())));
    }

    @Override
    public void onEvent(GuardEvent event) {
        if (event instanceof RateLimitDecision decision
                && decision.outcome() == RateOutcome.DELAYED
                && decision.verdict().policy().mode() != GuardMode.SHADOW) {
            for (Timer timer : waits.getOrDefault(decision.name(), List.of())) {
                timer.record(decision.verdict().waitMicros(), TimeUnit.MICROSECONDS);
            }
        }
    }

    private void register(RateLimitCounts counts, MeterRegistry registry) {
        String name = counts.name();
        Tags tags = Tags.of("name", name);
        registerDecisions(counts, registry, tags);
        registerCalls(counts, registry, tags.and("kind", KIND));
        for (RateLimitSettled.Outcome outcome : RateLimitSettled.Outcome.values()) {
            counter(
                    registry,
                    RATE + "settlements",
                    "Corrections of charges after calls had run",
                    tags.and("outcome", tag(outcome)),
                    counts,
                    counted -> counted.settlements(outcome));
        }
        counter(registry, RATE + "permits", "Permits charged before calls ran", tags, counts, RateLimitCounts::permits);
        counter(registry, RATE + "missing_key", "Calls whose key was null", tags, counts, RateLimitCounts::missingKeys);
        counter(
                registry,
                RATE + "unknown_plan",
                "Calls whose plan was null or none of the policy's",
                tags,
                counts,
                RateLimitCounts::unknownPlans);
        waits.computeIfAbsent(name, any -> new CopyOnWriteArrayList<>())
                .add(Timer.builder(RATE + "wait")
                        .description("Waits of calls whose permits were reserved ahead")
                        .tags(tags)
                        .register(registry));
        Gauge.builder(RATE + "waiting", policies, all -> all.waiting(name))
                .description("Calls that wait for permits now")
                .tags(tags)
                .register(registry);
        Gauge.builder(RATE + "leased", leased, all -> all.applyAsLong(name))
                .description("Permits charged ahead and not spent yet")
                .tags(tags)
                .register(registry);
        Gauge.builder(RATE + "degraded", policies, all -> all.isDegraded(name) ? 1 : 0)
                .description("1 while the policy's store is away")
                .tags(tags)
                .register(registry);
    }

    private static void registerDecisions(RateLimitCounts counts, MeterRegistry registry, Tags tags) {
        for (RateOutcome outcome : RateOutcome.values()) {
            for (RateSource source : RateSource.values()) {
                if (occurs(outcome, source)) {
                    counter(
                            registry,
                            RATE + "decisions",
                            "Decisions of rate limits",
                            tags.and("outcome", tag(outcome), "source", tag(source)),
                            counts,
                            counted -> counted.decisions(outcome, source));
                }
            }
        }
    }

    /** What the policy's settings alone decide has no store; what was charged has one, now or when it was leased. */
    private static boolean occurs(RateOutcome outcome, RateSource source) {
        return switch (outcome) {
            case ADMITTED -> source != RateSource.NONE && source != RateSource.CACHE;
            case DELAYED -> source == RateSource.STORE || source == RateSource.LOCAL;
            case REJECTED, SHADOW_REJECTED -> source != RateSource.LEASE;
            case NEVER, UNLIMITED, BLOCKED, SKIPPED -> source == RateSource.NONE;
        };
    }

    private static void registerCalls(RateLimitCounts counts, MeterRegistry registry, Tags tags) {
        for (CallOutcome outcome : CallOutcome.values()) {
            counter(
                    registry,
                    "stanchion.guard.calls",
                    "Decisions of guards of all kinds",
                    tags.and("outcome", outcome.tag()),
                    counts,
                    counted -> counted.calls(outcome));
        }
    }

    private static void counter(
            MeterRegistry registry,
            String meter,
            String description,
            Tags tags,
            RateLimitCounts counts,
            ToDoubleFunction<RateLimitCounts> figure) {
        FunctionCounter.builder(meter, counts, figure)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
