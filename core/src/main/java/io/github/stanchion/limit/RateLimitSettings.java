package io.github.stanchion.limit;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a rate limit as they were given, in an annotation or a file; what is null was left open.
 *
 * <p>Immutable. Layers are merged with {@link #over}; only the whole is validated, when it becomes a
 * {@link RateLimitPolicy}. Expressions concern annotated methods; callers of the facade say what they come to.
 *
 * @param limits how much is allowed
 * @param algorithm how it is counted; default {@code TOKEN_BUCKET}
 * @param key expressions that name the subject, as a tuple; default: each method is one
 * @param cost expression for the permits of a call; default 1
 * @param condition expression; false = the call is not limited
 * @param plan expression for the name of the call's plan
 * @param plans what each plan allows instead
 * @param count which calls count in the end; default {@code ALWAYS}
 * @param refundWhen expression; true = the permits are given back
 * @param settle expression for the real cost
 * @param maxWait how long a call may wait for its permits; default not at all
 * @param maxWaiters how many calls may wait at once in this process; default 100
 * @param fallback names what answers instead of a refusal
 * @param fallbackOn failures that the fallback answers too
 * @param mode default {@code ENFORCE}
 * @param onStoreFailure default {@code LOCAL}
 * @param onMissingKey default {@code SHARED}
 * @param align when interval periods begin; default {@code FIRST_USE}
 * @param maxDebt how many permits settling may overdraw; default: the capacity if there is a {@code settle}, else none
 * @param hashTag {@code name}, or an expression: what names the cluster slot; default: the subject
 * @param denialCache whether a process remembers refusals; default {@code AUTO}
 * @param lease what a process may charge ahead; default nothing
 */
public record RateLimitSettings(
        @Nullable LimitSettings limits,
        @Nullable RateAlgorithm algorithm,
        @Nullable List<String> key,
        @Nullable String cost,
        @Nullable String condition,
        @Nullable String plan,
        @Nullable Map<String, RatePlan> plans,
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
        @Nullable LeaseSettings lease) {

    private static final String PLANS = "plans.";

    /** Of all settings but plans, which have names of their own. */
    static final List<String> NAMES = List.of(
            "limit",
            "bandwidths",
            "capacity",
            "refill",
            "period",
            "algorithm",
            "key",
            "cost",
            "condition",
            "plan",
            "count",
            "refund-when",
            "settle",
            "max-wait",
            "max-waiters",
            "fallback",
            "fallback-on",
            "mode",
            "on-store-failure",
            "on-missing-key",
            "align",
            "max-debt",
            "hash-tag",
            "denial-cache",
            "lease.permits",
            "lease.ttl");

    private static final RateLimitSettings NONE = builder().build();

    public RateLimitSettings {
        limits = limits == null || limits.isEmpty() ? null : limits;
        key = key == null || key.isEmpty() ? null : List.copyOf(key);
        cost = given(cost);
        condition = given(condition);
        plan = given(plan);
        plans = plans == null || plans.isEmpty() ? null : Collections.unmodifiableMap(new LinkedHashMap<>(plans));
        refundWhen = given(refundWhen);
        settle = given(settle);
        fallback = given(fallback);
        fallbackOn = fallbackOn == null || fallbackOn.isEmpty() ? null : List.copyOf(fallbackOn);
        hashTag = given(hashTag);
        lease = lease == null || lease.isEmpty() ? null : lease;
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** Settings that leave everything open. */
    public static RateLimitSettings none() {
        return NONE;
    }

    /** A token bucket of this limit, as in {@code "100/1m"}; several must all hold. */
    public static RateLimitSettings of(String... limit) {
        return builder().limit(limit).build();
    }

    /**
     * What an annotation says, its name apart.
     *
     * @throws IllegalArgumentException if an attribute cannot be read
     */
    public static RateLimitSettings of(RateLimited annotation) {
        return builder()
                .limits(new LimitSettings(List.of(annotation.limit()), null, null, null, null))
                .algorithm(one("algorithm", annotation.algorithm()))
                .key(annotation.key())
                .cost(annotation.cost())
                .condition(annotation.condition())
                .plan(annotation.plan())
                .count(one("count", annotation.count()))
                .refundWhen(annotation.refundWhen())
                .settle(annotation.settle())
                .maxWait(
                        annotation.maxWait().isBlank()
                                ? null
                                : LimitText.duration("max-wait", "Wait", annotation.maxWait()))
                .fallback(annotation.fallback())
                .fallbackOn(List.of(annotation.fallbackOn()))
                .build();
    }

    private static <E extends Enum<E>> @Nullable E one(String setting, E[] values) {
        if (values.length > 1) {
            throw new RateSettingException(
                    setting, "Value", Arrays.toString(values), "is more than one", "give one " + setting);
        }
        return values.length == 0 ? null : values[0];
    }

    public static RateLimitSettingsBuilder builder() {
        return new RateLimitSettingsBuilder();
    }

    /**
     * These settings, and those of {@code lower} where these leave something open.
     *
     * <p>What excludes one another is replaced as one: all forms of the limit; {@code count}, {@code refundWhen} and
     * {@code settle}. Plans are merged name by name, and a lease part by part; all else, as a fallback and the failures that
     * it answers, each by itself.
     */
    public RateLimitSettings over(RateLimitSettings lower) {
        RateLimitSettings settling = count == null && refundWhen == null && settle == null ? lower : this;
        return new RateLimitSettings(
                limits == null ? lower.limits : limits,
                algorithm == null ? lower.algorithm : algorithm,
                key == null ? lower.key : key,
                cost == null ? lower.cost : cost,
                condition == null ? lower.condition : condition,
                plan == null ? lower.plan : plan,
                mergedPlans(lower),
                settling.count,
                settling.refundWhen,
                settling.settle,
                maxWait == null ? lower.maxWait : maxWait,
                maxWaiters == null ? lower.maxWaiters : maxWaiters,
                fallback == null ? lower.fallback : fallback,
                fallbackOn == null ? lower.fallbackOn : fallbackOn,
                mode == null ? lower.mode : mode,
                onStoreFailure == null ? lower.onStoreFailure : onStoreFailure,
                onMissingKey == null ? lower.onMissingKey : onMissingKey,
                align == null ? lower.align : align,
                maxDebt == null ? lower.maxDebt : maxDebt,
                hashTag == null ? lower.hashTag : hashTag,
                denialCache == null ? lower.denialCache : denialCache,
                lease == null ? lower.lease : lease.over(lower.lease));
    }

    private @Nullable Map<String, RatePlan> mergedPlans(RateLimitSettings lower) {
        if (plans == null || lower.plans == null) {
            return plans == null ? lower.plans : plans;
        }
        Map<String, RatePlan> merged = new LinkedHashMap<>(lower.plans);
        merged.putAll(plans);
        return merged;
    }

    /** The names of all settings that are given, spelt as in a file. */
    List<String> given() {
        Stream<String> all = plans == null
                ? NAMES.stream()
                : Stream.concat(NAMES.stream(), plans.keySet().stream().map(PLANS::concat));
        return all.filter(this::gives).toList();
    }

    /** Whether the setting of this name, spelt as in a file, is given. */
    boolean gives(String setting) {
        return switch (setting) {
            case "limit", "bandwidths", "capacity", "refill", "period" -> limits != null && limits.gives(setting);
            case "algorithm" -> algorithm != null;
            case "key" -> key != null;
            case "cost" -> cost != null;
            case "condition" -> condition != null;
            case "plan" -> plan != null;
            case "plans" -> plans != null;
            case "count" -> count != null;
            case "refund-when" -> refundWhen != null;
            case "settle" -> settle != null;
            case "max-wait" -> maxWait != null;
            case "max-waiters" -> maxWaiters != null;
            case "fallback" -> fallback != null;
            case "fallback-on" -> fallbackOn != null;
            case "mode" -> mode != null;
            case "on-store-failure" -> onStoreFailure != null;
            case "on-missing-key" -> onMissingKey != null;
            case "align" -> align != null;
            case "max-debt" -> maxDebt != null;
            case "hash-tag" -> hashTag != null;
            case "denial-cache" -> denialCache != null;
            case "lease.permits" -> lease != null && lease.permits() != null;
            case "lease.ttl" -> lease != null && lease.ttl() != null;
            default -> givesPlan(setting);
        };
    }

    private boolean givesPlan(String setting) {
        return plans != null && setting.startsWith(PLANS) && plans.containsKey(setting.substring(PLANS.length()));
    }
}
