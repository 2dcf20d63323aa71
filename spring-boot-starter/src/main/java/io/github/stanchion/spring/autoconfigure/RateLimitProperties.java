package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.limit.DenialCaching;
import io.github.stanchion.limit.LeaseSettings;
import io.github.stanchion.limit.LimitSettings;
import io.github.stanchion.limit.MissingKey;
import io.github.stanchion.limit.PeriodAlignment;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RatePlan;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.Delimiter;

/**
 * Settings of one rate limit; what is left out comes from the annotation, then from the defaults.
 *
 * @param limit Permits per period, '{@literal <refill>/<period>[ burst <capacity>]}'. Several must all hold.
 * @param bandwidths The same as limit, by another name.
 * @param capacity How many permits there are at most.
 * @param refill How many permits come per period. Default is the capacity.
 * @param period In which the refill comes.
 * @param algorithm How it counts.
 * @param key Expressions that name the subject, several of them as a tuple.
 * @param cost Expression for the permits that a call takes.
 * @param condition Expression. False means that the call is not limited.
 * @param plan Expression for the name of the call's plan.
 * @param plans Limits of plans by name: a limit, an object, 'unlimited' or 'blocked'.
 * @param count Which calls count in the end.
 * @param refundWhen Expression over the end of the call. True gives the permits back.
 * @param settle Expression over the end of the call, for its real cost.
 * @param maxWait How long a call may wait for its permits.
 * @param maxWaiters How many calls may wait at once, per instance.
 * @param fallback Method, or 'bean::method', that answers instead of a refusal.
 * @param fallbackOn Failures of the method itself that the fallback answers too.
 * @param mode What is done with decisions.
 * @param onStoreFailure What is done when the store cannot decide.
 * @param onMissingKey What is done with calls whose key is null.
 * @param align When the periods of an interval begin.
 * @param maxDebt How deep settling may go below zero.
 * @param hashTag Puts all keys of this text into one slot of a cluster.
 * @param denialCache Whether an instance remembers refusals and repeats them without asking the store.
 * @param lease Permits that an instance charges ahead, to spend them without asking the store.
 */
public record RateLimitProperties(
        @Nullable List<String> limit,
        @Nullable List<String> bandwidths,
        @Nullable Long capacity,
        @Nullable Long refill,
        @Nullable Duration period,
        @Nullable RateAlgorithm algorithm,
        @Delimiter(Delimiter.NONE) @Nullable List<String> key,
        @Nullable String cost,
        @Nullable String condition,
        @Nullable String plan,
        @DefaultValue Map<String, PlanProperties> plans,
        @Nullable CountedCalls count,
        @Nullable String refundWhen,
        @Nullable String settle,
        @Nullable Duration maxWait,
        @Nullable Integer maxWaiters,
        @Nullable String fallback,
        @Nullable List<Class<? extends Throwable>> fallbackOn,
        @Nullable GuardMode mode,
        @Nullable FailurePolicy onStoreFailure,
        @Nullable MissingKey onMissingKey,
        @Nullable PeriodAlignment align,
        @Nullable Long maxDebt,
        @Nullable String hashTag,
        @Nullable DenialCaching denialCache,
        @Nullable LeaseProperties lease) {

    public RateLimitProperties {
        limit = limit == null ? null : List.copyOf(limit);
        bandwidths = bandwidths == null ? null : List.copyOf(bandwidths);
        key = key == null ? null : List.copyOf(key);
        plans = Map.copyOf(plans);
        fallbackOn = fallbackOn == null ? null : List.copyOf(fallbackOn);
    }

    RateLimitSettings toSettings() {
        return RateLimitSettings.builder()
                .limits(new LimitSettings(limit, bandwidths, capacity, refill, period))
                .algorithm(algorithm)
                .key(key == null ? new String[0] : key.toArray(String[]::new))
                .cost(cost)
                .condition(condition)
                .plan(plan)
                .plans(toPlans())
                .count(count)
                .refundWhen(refundWhen)
                .settle(settle)
                .maxWait(maxWait)
                .maxWaiters(maxWaiters)
                .fallback(fallback)
                .fallbackOn(fallbackOn)
                .mode(mode)
                .onStoreFailure(onStoreFailure)
                .onMissingKey(onMissingKey)
                .align(align)
                .maxDebt(maxDebt)
                .hashTag(hashTag)
                .denialCache(denialCache)
                .lease(lease == null ? null : new LeaseSettings(lease.permits, lease.ttl))
                .build();
    }

    private Map<String, RatePlan> toPlans() {
        Map<String, RatePlan> ratePlans = new LinkedHashMap<>();
        plans.forEach((name, given) -> ratePlans.put(name, given.toPlan()));
        return ratePlans;
    }

    /** The short form: {@code search: 100/1m}. */
    static RateLimitProperties ofLimit(String limit) {
        return new RateLimitProperties(
                List.of(limit),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /**
     * Permits that an instance charges ahead.
     *
     * @param permits How many of a subject's permits an instance holds at most, up to half of the capacity.
     * @param ttl How long it may spend them. Default is 200ms.
     */
    public record LeaseProperties(@Nullable Long permits, @Nullable Duration ttl) {}

    /**
     * What a plan allows.
     *
     * @param limit Permits per period, '{@literal <refill>/<period>[ burst <capacity>]}', or 'unlimited' or 'blocked' alone.
     * @param bandwidths The same as limit, by another name.
     * @param capacity How many permits there are at most.
     * @param refill How many permits come per period. Default is the capacity.
     * @param period In which the refill comes.
     */
    public record PlanProperties(
            @Nullable List<String> limit,
            @Nullable List<String> bandwidths,
            @Nullable Long capacity,
            @Nullable Long refill,
            @Nullable Duration period) {

        public PlanProperties {
            limit = limit == null ? null : List.copyOf(limit);
            bandwidths = bandwidths == null ? null : List.copyOf(bandwidths);
        }

        RatePlan toPlan() {
            boolean limitAlone = bandwidths == null && capacity == null && refill == null && period == null;
            return limitAlone && limit != null && limit.size() == 1
                    ? RatePlan.of(limit.get(0))
                    : new RatePlan.Limited(new LimitSettings(limit, bandwidths, capacity, refill, period));
        }

        /** The short form: {@code free: 60/1m}, {@code vip: unlimited}. */
        static PlanProperties ofLimit(String limit) {
            return new PlanProperties(List.of(limit), null, null, null, null);
        }
    }
}
