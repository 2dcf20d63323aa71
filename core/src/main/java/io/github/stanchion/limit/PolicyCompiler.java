package io.github.stanchion.limit;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.PolicyNames;
import io.github.stanchion.store.KeySpace;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns merged settings into a policy, or says which of them cannot work.
 *
 * @param keyPrefix begins all keys of the application
 * @param expectedInstances how many processes share a limit; each gets so small a share while the store is away
 */
record PolicyCompiler(String keyPrefix, int expectedInstances) {

    static final int USUAL_WAITERS = 100;
    static final String TAG_BY_NAME = "name";

    private static final int LONGEST_LOG = 100;
    private static final Duration LONGEST_WAIT = Duration.ofDays(366);

    PolicyCompiler {
        if (expectedInstances < 1) {
            throw new IllegalArgumentException("Expected instances '" + expectedInstances
                    + "' are not positive; use the number of processes that share the limits");
        }
    }

    static long micros(Duration duration) {
        return duration.getSeconds() * 1_000_000 + duration.getNano() / 1_000;
    }

    /**
     * @param settles whether calls are settled, which lets them go into debt by default
     * @throws RateSettingException naming the setting that cannot work
     */
    RateLimitPolicy compile(String name, RateLimitSettings settings, boolean settles) {
        if (name.isBlank()) {
            throw new RateSettingException("name", "Name", name, "is blank", "give the rate limit a name");
        }
        checkCall(settings);
        LimitSettings limits = settings.limits();
        if (limits == null) {
            throw new RateSettingException("limit", "Rate limit", name, "has no limit", "set limit, as in '100/1m'");
        }
        Allowance allowance = allowance(settings, settles, limits);
        checkCost(settings, "cost", allowance);
        RateLimitPolicy base = new RateLimitPolicy(name, settings, this, allowance, false, Map.of());
        return settings.plans() == null
                ? base
                : new RateLimitPolicy(
                        name, settings, this, allowance, false, plans(base, settings, settings.plans(), settles));
    }

    private Map<String, RateLimitPolicy> plans(
            RateLimitPolicy base, RateLimitSettings settings, Map<String, RatePlan> given, boolean settles) {
        Map<String, RateLimitPolicy> plans = new LinkedHashMap<>();
        given.forEach((plan, what) -> plans.put(plan, plan(base, settings, "plans." + plan, what, settles)));
        return Collections.unmodifiableMap(plans);
    }

    private RateLimitPolicy plan(
            RateLimitPolicy base, RateLimitSettings settings, String setting, RatePlan plan, boolean settles) {
        if (plan instanceof RatePlan.Limited limited) {
            try {
                Allowance allowance = allowance(settings, settles, limited.limits());
                checkCost(settings, setting, allowance);
                return base.with(allowance, false);
            } catch (RateSettingException trouble) {
                throw trouble.under(setting);
            }
        }
        return base.with(null, plan instanceof RatePlan.Blocked);
    }

    /** The policy with another limit and all else the same. */
    RateLimitPolicy derive(RateLimitPolicy base, String setting, LimitSettings limits) {
        boolean settles = base.settings().settle() != null || base.maxDebt() > 0;
        return plan(base, base.settings(), setting, new RatePlan.Limited(limits), settles);
    }

    KeySpace space(String name, RateLimitSettings settings, @Nullable Allowance allowance) {
        String kind = allowance == null ? "rate-bucket" : allowance.kind();
        boolean shadow = settings.mode() == GuardMode.SHADOW;
        KeySpace space = KeySpace.of(keyPrefix, shadow ? kind + "-shadow" : kind, PolicyNames.canonical(name));
        String tag = settings.hashTag();
        return tag != null && tag.toLowerCase(Locale.ROOT).equals(TAG_BY_NAME) ? space.slotByName() : space;
    }

    private static void checkCall(RateLimitSettings settings) {
        int settlements = (settings.count() == null ? 0 : 1)
                + (settings.refundWhen() == null ? 0 : 1)
                + (settings.settle() == null ? 0 : 1);
        if (settlements > 1) {
            throw new RateSettingException(
                    settings.settle() == null ? "refund-when" : "settle",
                    settings.settle() == null ? "Condition for refunds" : "Real cost",
                    settings.settle() == null ? String.valueOf(settings.refundWhen()) : settings.settle(),
                    "stands beside another way to settle",
                    "keep one of count, refund-when and settle");
        }
        Duration maxWait = settings.maxWait();
        if (maxWait != null && (maxWait.isNegative() || maxWait.compareTo(LONGEST_WAIT) > 0)) {
            throw new RateSettingException(
                    "max-wait", "Wait", maxWait.toString(), "is out of range", "use 0s, which is no waiting, to 366d");
        }
        Integer maxWaiters = settings.maxWaiters();
        if (maxWaiters != null && maxWaiters < 1) {
            throw new RateSettingException(
                    "max-waiters",
                    "Number of waiters",
                    String.valueOf(maxWaiters),
                    "is not positive",
                    "use 1 or more, or max-wait 0s for no waiting");
        }
        if (settings.key() != null && settings.key().stream().anyMatch(String::isBlank)) {
            throw new RateSettingException("key", "Key", "", "is blank", "give an expression, or no key at all");
        }
        if (settings.fallbackOn() != null && settings.fallback() == null) {
            throw new RateSettingException(
                    "fallback-on",
                    "Failure",
                    settings.fallbackOn().get(0).getSimpleName(),
                    "has no fallback to answer it",
                    "set fallback, or drop this setting");
        }
    }

    private static void checkCost(RateLimitSettings settings, String setting, Allowance allowance) {
        Long cost = RateCost.constant(settings.cost());
        if (cost != null && cost < 0) {
            throw new RateSettingException(
                    "cost", "Cost", String.valueOf(cost), "is negative", "use 1 or more, or 0 to charge nothing");
        }
        if (cost != null && cost > allowance.capacity()) {
            throw new RateSettingException(
                    setting,
                    "Cost",
                    String.valueOf(cost),
                    "is above the capacity " + allowance.capacity() + " and could never be admitted",
                    "use at most " + allowance.capacity() + ", or raise the limit");
        }
    }

    private Allowance allowance(RateLimitSettings settings, boolean settles, LimitSettings limits) {
        List<LimitSettings.Band> bands = limits.bands();
        RateAlgorithm algorithm = settings.algorithm() == null ? RateAlgorithm.TOKEN_BUCKET : settings.algorithm();
        checkAlgorithm(settings, algorithm, bands);
        long debt = maxDebt(settings, settles, bands);
        boolean local = settings.onStoreFailure() == null || settings.onStoreFailure() == FailurePolicy.LOCAL;
        Allowance share = local && expectedInstances > 1 ? share(settings, algorithm, bands, debt) : null;
        return build(settings, algorithm, bands, debt, share, lease(settings, algorithm, bands));
    }

    private static @Nullable LeaseTerms lease(
            RateLimitSettings settings, RateAlgorithm algorithm, List<LimitSettings.Band> bands) {
        LeaseSettings given = settings.lease();
        if (given == null) {
            return null;
        }
        LeaseTerms terms = given.terms(bands);
        boolean waits = settings.maxWait() != null && !settings.maxWait().isZero();
        boolean counts = settings.count() != null && settings.count() != CountedCalls.ALWAYS;
        String other = algorithm != RateAlgorithm.TOKEN_BUCKET
                ? word(algorithm)
                : waits
                        ? "max-wait"
                        : counts
                                ? "count"
                                : settings.refundWhen() != null
                                        ? "refund-when"
                                        : settings.settle() != null ? "settle" : null;
        if (other != null) {
            throw new RateSettingException(
                    "lease.permits",
                    "Lease",
                    String.valueOf(terms.permits()),
                    "is not possible with " + other,
                    algorithm != RateAlgorithm.TOKEN_BUCKET
                            ? "use token-bucket, or drop the lease"
                            : "keep lease or " + other);
        }
        return terms;
    }

    private static String word(RateAlgorithm algorithm) {
        return algorithm.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static long leastCapacity(List<LimitSettings.Band> bands) {
        return bands.stream().mapToLong(LimitSettings.Band::capacity).min().orElseThrow();
    }

    private Allowance share(
            RateLimitSettings settings, RateAlgorithm algorithm, List<LimitSettings.Band> bands, long debt) {
        boolean sliding = isSliding(algorithm);
        List<LimitSettings.Band> shares = bands.stream()
                .map(band -> band.share(expectedInstances, sliding))
                .toList();
        try {
            return build(settings, algorithm, shares, debt / expectedInstances, null, null);
        } catch (RateSettingException trouble) {
            throw trouble.about(
                    "Share of one of " + expectedInstances + " instances while the store is away",
                    "use another limit, or set on-store-failure to open, closed or throw");
        }
    }

    private static Allowance build(
            RateLimitSettings settings,
            RateAlgorithm algorithm,
            List<LimitSettings.Band> bands,
            long maxDebt,
            @Nullable Allowance share,
            @Nullable LeaseTerms lease) {
        LimitSettings.Band first = bands.get(0);
        try {
            List<Bandwidth> bandwidths = bands.stream()
                    .map(band -> new Bandwidth(band.capacity(), band.refill(), band.periodMicros()))
                    .toList();
            long maxWait = settings.maxWait() == null ? 0 : micros(settings.maxWait());
            RateOperations operations = RateOperations.of(
                    algorithm, BucketShape.of(bandwidths), settings.align() == PeriodAlignment.EPOCH, maxWait, maxDebt);
            return new Allowance(operations, bandwidths, share, lease);
        } catch (RateSettingException trouble) {
            throw trouble;
        } catch (IllegalArgumentException refusal) {
            throw RateSettingException.of(first.setting(), first.text(), refusal);
        }
    }

    private static boolean isSliding(RateAlgorithm algorithm) {
        return algorithm == RateAlgorithm.SLIDING_WINDOW || algorithm == RateAlgorithm.SLIDING_LOG;
    }

    private static long maxDebt(RateLimitSettings settings, boolean settles, List<LimitSettings.Band> bands) {
        long capacity = leastCapacity(bands);
        Long given = settings.maxDebt();
        if (given == null) {
            return settles ? capacity : 0;
        }
        if (given < 0 || given > capacity) {
            throw new RateSettingException(
                    "max-debt",
                    "Debt",
                    String.valueOf(given),
                    given < 0 ? "is negative" : "is above the capacity " + capacity,
                    "use 0 to " + capacity);
        }
        return given;
    }

    private static void checkAlgorithm(
            RateLimitSettings settings, RateAlgorithm algorithm, List<LimitSettings.Band> bands) {
        String word = word(algorithm);
        if (settings.align() == PeriodAlignment.EPOCH && algorithm != RateAlgorithm.INTERVAL) {
            throw new RateSettingException(
                    "align",
                    "Alignment",
                    "epoch",
                    "needs periods, which " + word + " has not",
                    "use algorithm interval");
        }
        if (!isSliding(algorithm)) {
            return;
        }
        LimitSettings.Band first = bands.get(0);
        if (bands.size() > 1) {
            throw new RateSettingException(
                    first.setting(),
                    "Number of bandwidths",
                    String.valueOf(bands.size()),
                    "is too large for " + word,
                    "use one bandwidth, or several rate limits on the method");
        }
        if (first.capacity() != first.refill()) {
            throw new RateSettingException(
                    first.setting(),
                    "Limit",
                    first.text(),
                    "has a burst, which " + word + " has not",
                    "drop the burst");
        }
        if (settings.maxWait() != null && !settings.maxWait().isZero()) {
            throw new RateSettingException(
                    "max-wait",
                    "Wait",
                    LimitText.write(micros(settings.maxWait())),
                    "is not possible with " + word,
                    "use token-bucket or interval, or drop max-wait");
        }
        if (first.periodMicros() % 1_000 != 0 && algorithm == RateAlgorithm.SLIDING_WINDOW) {
            throw new RateSettingException(
                    first.setting(), "Limit", first.text(), "has a window of broken milliseconds", "use whole ones");
        }
        if (algorithm == RateAlgorithm.SLIDING_LOG && first.capacity() > LONGEST_LOG) {
            throw new RateSettingException(
                    first.setting(),
                    "Limit",
                    first.text(),
                    "is too large for " + word + ", which remembers every permit",
                    "use at most " + LONGEST_LOG + " permits, or sliding-window");
        }
    }
}
