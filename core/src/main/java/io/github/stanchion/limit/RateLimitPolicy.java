package io.github.stanchion.limit;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.KeyResolver;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The validated settings of one rate limit, ready to decide.
 *
 * <p>Immutable and thread-safe. Holds no state of any subject: that lies in the store, under keys of the policy's name. A
 * policy with another limit ({@link #withLimit}, a plan, a reload) goes on with the state that it finds: a bucket keeps the
 * time at which it was empty, an interval or window what was used. Another algorithm or window starts full.
 */
public final class RateLimitPolicy {

    private final String name;
    private final RateLimitSettings settings;
    private final PolicyCompiler compiler;
    private final @Nullable Allowance allowance;
    private final boolean blocked;
    private final Map<String, RateLimitPolicy> plans;
    private final KeySpace space;
    private final long maxWaitMicros;
    private final DenialCaching denialCaching;
    private final @Nullable String tagExpression;
    private final @Nullable String constantTag;

    RateLimitPolicy(
            String name,
            RateLimitSettings settings,
            PolicyCompiler compiler,
            @Nullable Allowance allowance,
            boolean blocked,
            Map<String, RateLimitPolicy> plans) {
        this.name = name;
        this.settings = settings;
        this.compiler = compiler;
        this.allowance = allowance;
        this.blocked = blocked;
        this.plans = plans;
        this.space = compiler.space(name, settings, allowance);
        this.maxWaitMicros = settings.maxWait() == null ? 0 : PolicyCompiler.micros(settings.maxWait());
        this.denialCaching = denialCaching(settings);
        this.tagExpression = tagExpression(settings.hashTag());
        this.constantTag = constantTag(tagExpression);
    }

    /**
     * A policy for applications that use the facade without settings, under the key prefix {@code stanchion}.
     *
     * @throws IllegalArgumentException if the settings cannot work; the message says what to do
     */
    public static RateLimitPolicy of(String name, RateLimitSettings settings) {
        return new PolicyCompiler("stanchion", 1).compile(name, settings, settings.settle() != null);
    }

    public String name() {
        return name;
    }

    /** All settings, defaults included where they were given as settings. */
    public RateLimitSettings settings() {
        return settings;
    }

    public RateAlgorithm algorithm() {
        return settings.algorithm() == null ? RateAlgorithm.TOKEN_BUCKET : settings.algorithm();
    }

    /** What must hold, longest time to full first; empty if the policy is unlimited or blocked. */
    public List<Bandwidth> bandwidths() {
        return allowance == null
                ? List.of()
                : IntStream.range(0, allowance.shape().size())
                        .mapToObj(allowance.shape()::get)
                        .toList();
    }

    /** The most permits that one call can be charged: {@link Long#MAX_VALUE} if unlimited, 0 if blocked. */
    public long capacity() {
        return allowance != null ? allowance.capacity() : blocked ? 0 : Long.MAX_VALUE;
    }

    /** Whether calls are admitted without being counted. */
    public boolean isUnlimited() {
        return allowance == null && !blocked;
    }

    /** Whether every call is refused. */
    public boolean isBlocked() {
        return blocked;
    }

    public GuardMode mode() {
        return settings.mode() == null ? GuardMode.ENFORCE : settings.mode();
    }

    public FailurePolicy onStoreFailure() {
        return settings.onStoreFailure() == null ? FailurePolicy.LOCAL : settings.onStoreFailure();
    }

    public MissingKey onMissingKey() {
        return settings.onMissingKey() == null ? MissingKey.SHARED : settings.onMissingKey();
    }

    public Duration maxWait() {
        return settings.maxWait() == null ? Duration.ZERO : settings.maxWait();
    }

    /** How many calls may wait for permits at once in this process. */
    public int maxWaiters() {
        return settings.maxWaiters() == null ? PolicyCompiler.USUAL_WAITERS : settings.maxWaiters();
    }

    /** Whether refusals are remembered: {@code OFF} where {@code AUTO} comes to that, as calls may give permits back. */
    public DenialCaching denialCaching() {
        return denialCaching;
    }

    private static DenialCaching denialCaching(RateLimitSettings settings) {
        DenialCaching given = settings.denialCache() == null ? DenialCaching.AUTO : settings.denialCache();
        boolean waits = settings.maxWait() != null && !settings.maxWait().isZero();
        boolean settles = settings.settle() != null
                || settings.refundWhen() != null
                || settings.count() != null && settings.count() != CountedCalls.ALWAYS;
        return given == DenialCaching.AUTO && (waits || settles) ? DenialCaching.OFF : given;
    }

    /** How many permits below zero settling may go. */
    public long maxDebt() {
        return allowance == null ? 0 : allowance.maxDebt();
    }

    public CountedCalls count() {
        return settings.count() == null ? CountedCalls.ALWAYS : settings.count();
    }

    /** The names of the plans. */
    public List<String> plans() {
        return List.copyOf(plans.keySet());
    }

    /** This policy as the plan of that name has it, null if there is none. */
    public @Nullable RateLimitPolicy plan(String plan) {
        return plans.get(plan);
    }

    /**
     * This policy with another limit, as in {@code "100/1m"}; keep the result, as it is costly to make.
     *
     * @throws IllegalArgumentException if the limit cannot be kept
     */
    public RateLimitPolicy withLimit(String... limit) {
        return compiler.derive(this, "limit", LimitSettings.of(limit));
    }

    /** This policy without a limit. */
    public RateLimitPolicy unlimited() {
        return with(null, false);
    }

    /** This policy refusing every call. */
    public RateLimitPolicy blocked() {
        return with(null, true);
    }

    RateLimitPolicy with(@Nullable Allowance other, boolean othersBlocked) {
        return new RateLimitPolicy(name, settings, compiler, other, othersBlocked, Map.of());
    }

    /** What is clear without asking the store, null if it decides about a call of this cost. */
    @Nullable
    RateOutcome foregone(long cost) {
        if (mode() == GuardMode.OFF) {
            return RateOutcome.SKIPPED;
        }
        if (allowance != null && cost <= allowance.capacity()) {
            return null;
        }
        if (isUnlimited()) {
            return RateOutcome.UNLIMITED;
        }
        if (mode() == GuardMode.SHADOW) {
            return RateOutcome.SHADOW_REJECTED;
        }
        return blocked ? RateOutcome.BLOCKED : RateOutcome.NEVER;
    }

    /** Null if the policy is unlimited or blocked. */
    @Nullable
    Allowance allowance() {
        return allowance;
    }

    KeySpace space() {
        return space;
    }

    long maxWaitMicros() {
        return maxWaitMicros;
    }

    /**
     * The key of a subject that a caller names, null if the caller's key is null.
     *
     * @param key a list names the subject by its elements; a {@link StoreKey} that listeners were told names it again, though
     *     its settings have changed
     * @throws IllegalArgumentException if it cannot be a key, or the hash tag takes a method call to evaluate
     */
    @Nullable
    StoreKey subject(@Nullable Object key) {
        if (key instanceof StoreKey known) {
            return known.in(space);
        }
        if (tagExpression != null && constantTag == null) {
            throw new IllegalArgumentException("Hash tag '" + tagExpression + "' of rate limit '" + name
                    + "' needs an annotated method to be evaluated; use 'name', or a constant in quotes");
        }
        if (key instanceof String text && constantTag == null) {
            return space.key(text);
        }
        List<String> parts = partsOf(key);
        return parts == null ? null : space.taggedKey(constantTag, parts);
    }

    /** As {@link #subject}, null being the policy's one subject without a key. */
    StoreKey keyOf(@Nullable Object key) {
        StoreKey subject = subject(key);
        return subject == null ? space.taggedKey(constantTag, List.of()) : subject;
    }

    @Nullable
    List<String> partsOf(@Nullable Object key) {
        List<?> values = key instanceof List<?> list ? list : Collections.singletonList(key);
        List<String> parts = new ArrayList<>(values.size());
        for (Object value : values) {
            String part = KeyResolver.part(value, "key of rate limit " + name);
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return parts;
    }

    /** The expression for the cluster slot, null if the subject or the name is the slot. */
    @Nullable
    String tagExpression() {
        return tagExpression;
    }

    /** What {@link #tagExpression} comes to where that is a text in quotes. */
    @Nullable
    String constantTag() {
        return constantTag;
    }

    private static @Nullable String tagExpression(@Nullable String tag) {
        return tag == null || tag.toLowerCase(Locale.ROOT).equals(PolicyCompiler.TAG_BY_NAME) ? null : tag;
    }

    private static @Nullable String constantTag(@Nullable String tag) {
        if (tag == null || tag.length() < 3 || tag.charAt(0) != '\'' || tag.indexOf('\'', 1) != tag.length() - 1) {
            return null;
        }
        return tag.substring(1, tag.length() - 1);
    }

    /** The limit for messages: {@code 100 per 1m}, {@code unlimited} or {@code blocked}. */
    public String describeLimit() {
        return allowance != null ? allowance.description() : blocked ? "blocked" : "unlimited";
    }

    @Override
    public String toString() {
        return "rate limit '" + name + "' (" + describeLimit() + ")";
    }
}
