package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.limit.RateLimitDecision;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes the fields that tell callers of their limits, from the decisions about their calls; thread-safe. */
public final class RateLimitHeaders {

    private final QuotaFields fields;
    private final boolean sendsNothing;
    private final @Nullable PartitionKeys partitions;

    public RateLimitHeaders(RateLimitHeaderSettings settings) {
        this.fields = new QuotaFields(settings);
        this.sendsNothing = settings.format() == RateLimitHeaderSettings.Format.NONE;
        this.partitions = settings.partitionKey() ? PartitionKeys.ofThisProcess() : null;
    }

    boolean sendsNothing() {
        return sendsNothing;
    }

    RequestQuotas newRequest() {
        return new RequestQuotas(fields);
    }

    /** What a decision tells; null where nothing was counted, or nobody is to know. */
    @Nullable
    Quota quota(RateLimitDecision decision) {
        RateLimitVerdict verdict = decision.verdict();
        Long quota = verdict.quota().orElse(null);
        if (quota == null || verdict.neverAdmits() || verdict.policy().mode() == GuardMode.SHADOW) {
            return null;
        }
        boolean violated = verdict.outcome() == RateOutcome.REJECTED;
        return new Quota(
                verdict.name(),
                quota,
                verdict.windowSeconds(),
                verdict.remaining(),
                violated ? GuardProblems.wholeSeconds(verdict.nextPermitAfter()) : reset(verdict),
                violated,
                partition(decision));
    }

    private static long reset(RateLimitVerdict verdict) {
        Duration wait = verdict.remaining() > 0 ? verdict.resetAfter() : verdict.nextPermitAfter();
        return wait.isZero() ? 0 : GuardProblems.wholeSeconds(wait);
    }

    private @Nullable String partition(RateLimitDecision decision) {
        return partitions == null || decision.key() == null
                ? null
                : partitions.name(decision.key().text());
    }
}
