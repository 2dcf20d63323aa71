package io.github.stanchion.limit;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects {@link RateLimitSettings}; what is never called, or called with null, stays open. Not thread-safe. */
public final class RateLimitSettingsBuilder {

    private @Nullable LimitSettings limits;
    private @Nullable RateAlgorithm algorithm;
    private @Nullable List<String> key;
    private @Nullable String cost;
    private @Nullable String condition;
    private @Nullable String plan;
    private @Nullable Map<String, RatePlan> plans;
    private @Nullable CountedCalls count;
    private @Nullable String refundWhen;
    private @Nullable String settle;
    private @Nullable Duration maxWait;
    private @Nullable Integer maxWaiters;
    private @Nullable String fallback;
    private @Nullable List<Class<? extends Throwable>> fallbackOn;
    private @Nullable GuardMode mode;
    private @Nullable FailurePolicy onStoreFailure;
    private @Nullable MissingKey onMissingKey;
    private @Nullable PeriodAlignment align;
    private @Nullable Long maxDebt;
    private @Nullable String hashTag;
    private @Nullable DenialCaching denialCache;
    private @Nullable LeaseSettings lease;

    RateLimitSettingsBuilder() {}

    /** {@code <refill>/<period>[ burst <capacity>]}; several must all hold. */
    public RateLimitSettingsBuilder limit(String... texts) {
        return limits(LimitSettings.of(texts));
    }

    /** Expressions that name the subject. */
    public RateLimitSettingsBuilder key(String... expressions) {
        return key(List.of(expressions));
    }

    public RateLimitSettingsBuilder limits(@Nullable LimitSettings given) {
        limits = given;
        return this;
    }

    public RateLimitSettingsBuilder algorithm(@Nullable RateAlgorithm given) {
        algorithm = given;
        return this;
    }

    public RateLimitSettingsBuilder key(@Nullable List<String> given) {
        key = given;
        return this;
    }

    public RateLimitSettingsBuilder cost(@Nullable String given) {
        cost = given;
        return this;
    }

    public RateLimitSettingsBuilder condition(@Nullable String given) {
        condition = given;
        return this;
    }

    public RateLimitSettingsBuilder plan(@Nullable String given) {
        plan = given;
        return this;
    }

    public RateLimitSettingsBuilder plans(@Nullable Map<String, RatePlan> given) {
        plans = given;
        return this;
    }

    public RateLimitSettingsBuilder count(@Nullable CountedCalls given) {
        count = given;
        return this;
    }

    public RateLimitSettingsBuilder refundWhen(@Nullable String given) {
        refundWhen = given;
        return this;
    }

    public RateLimitSettingsBuilder settle(@Nullable String given) {
        settle = given;
        return this;
    }

    public RateLimitSettingsBuilder maxWait(@Nullable Duration given) {
        maxWait = given;
        return this;
    }

    public RateLimitSettingsBuilder maxWaiters(@Nullable Integer given) {
        maxWaiters = given;
        return this;
    }

    public RateLimitSettingsBuilder fallback(@Nullable String given) {
        fallback = given;
        return this;
    }

    public RateLimitSettingsBuilder fallbackOn(@Nullable List<Class<? extends Throwable>> given) {
        fallbackOn = given;
        return this;
    }

    public RateLimitSettingsBuilder mode(@Nullable GuardMode given) {
        mode = given;
        return this;
    }

    public RateLimitSettingsBuilder onStoreFailure(@Nullable FailurePolicy given) {
        onStoreFailure = given;
        return this;
    }

    public RateLimitSettingsBuilder onMissingKey(@Nullable MissingKey given) {
        onMissingKey = given;
        return this;
    }

    public RateLimitSettingsBuilder align(@Nullable PeriodAlignment given) {
        align = given;
        return this;
    }

    public RateLimitSettingsBuilder maxDebt(@Nullable Long given) {
        maxDebt = given;
        return this;
    }

    public RateLimitSettingsBuilder hashTag(@Nullable String given) {
        hashTag = given;
        return this;
    }

    public RateLimitSettingsBuilder denialCache(@Nullable DenialCaching given) {
        denialCache = given;
        return this;
    }

    public RateLimitSettingsBuilder lease(@Nullable LeaseSettings given) {
        lease = given;
        return this;
    }

    public RateLimitSettings build() {
        return new RateLimitSettings(
                limits,
                algorithm,
                key,
                cost,
                condition,
                plan,
                plans,
                count,
                refundWhen,
                settle,
                maxWait,
                maxWaiters,
                fallback,
                fallbackOn,
                mode,
                onStoreFailure,
                onMissingKey,
                align,
                maxDebt,
                hashTag,
                denialCache,
                lease);
    }
}
