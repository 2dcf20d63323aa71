package io.github.stanchion.limit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a rate limit, or several in one decision, said about a call.
 *
 * <p>Immutable. The figures are those of the store's clock at the decision; where several limits decided together they are
 * those of the tightest, and {@link #parts()} has each one's. Examples are of a limit of 2 per minute, asked three times at
 * one instant.
 */
public final class RateLimitVerdict {

    private final RateLimitPolicy policy;
    private final RateOutcome outcome;
    private final RateSource source;
    private final boolean storeFailed;
    private final long permits;
    private final long remaining;
    private final long waitMicros;
    private final long retryMicros;
    private final long fullMicros;
    private final @Nullable Allowance allowance;
    private final List<RateLimitVerdict> parts;

    /** What one use of a limit has come to. */
    RateLimitVerdict(LimitUse use) {
        this.policy = use.policy();
        this.outcome = use.outcome();
        this.source = use.source();
        this.storeFailed = use.isStoreFailed();
        this.permits = use.permits();
        this.remaining = use.remaining();
        this.waitMicros = use.waitMicros();
        this.retryMicros = use.retryMicros();
        this.fullMicros = use.fullMicros();
        this.allowance = use.allowance();
        this.parts = List.of();
    }

    private RateLimitVerdict(RateLimitVerdict tightest, long waitMicros, List<RateLimitVerdict> parts) {
        this.policy = tightest.policy;
        this.outcome = tightest.outcome;
        this.source = tightest.source;
        this.storeFailed = tightest.storeFailed;
        this.permits = tightest.permits;
        this.remaining = tightest.remaining;
        this.waitMicros = waitMicros;
        this.retryMicros = tightest.retryMicros;
        this.fullMicros = tightest.fullMicros;
        this.allowance = tightest.allowance;
        this.parts = parts;
    }

    private RateLimitVerdict(RateLimitPolicy policy, @Nullable Allowance allowance, @Nullable RateReply reply) {
        this.policy = policy;
        this.allowance = allowance;
        this.source = reply == null ? RateSource.NONE : RateSource.STORE;
        this.storeFailed = false;
        this.permits = 1;
        this.remaining = reply != null ? reply.remaining() : policy.isBlocked() ? 0 : Long.MAX_VALUE;
        this.fullMicros = reply == null ? 0 : reply.fullMicros();
        this.waitMicros = 0;
        this.retryMicros = allowance == null || remaining > 0 ? 0 : allowance.nextPermitMicros(fullMicros);
        this.outcome = allowance != null
                ? remaining > 0 ? RateOutcome.ADMITTED : RateOutcome.REJECTED
                : policy.isBlocked() ? RateOutcome.BLOCKED : RateOutcome.UNLIMITED;
        this.parts = List.of();
    }

    /** What one more permit would meet with; {@code reply} is that to a question for none, null where none was asked. */
    static RateLimitVerdict peeked(RateLimitPolicy policy, @Nullable RateReply reply) {
        return new RateLimitVerdict(policy, policy.allowance(), reply);
    }

    /** Several limits' verdicts as one: that of the refusing limit with the longest wait, else of the fullest. */
    static RateLimitVerdict joint(List<RateLimitVerdict> parts) {
        RateLimitVerdict tightest = parts.get(0);
        long wait = 0;
        for (RateLimitVerdict part : parts) {
            wait = Math.max(wait, part.waitMicros);
            if (part.isTighterThan(tightest)) {
                tightest = part;
            }
        }
        return parts.size() == 1 ? tightest : new RateLimitVerdict(tightest, wait, List.copyOf(parts));
    }

    /** Whether this verdict says more about why a call is refused, or about how close it came. */
    private boolean isTighterThan(RateLimitVerdict that) {
        if (admitted() != that.admitted()) {
            return !admitted();
        }
        if (admitted()) {
            return remaining < that.remaining;
        }
        return neverAdmits() != that.neverAdmits() ? neverAdmits() : retryMicros > that.retryMicros;
    }

    /** Whether the call may go on: true, true, false. */
    public boolean admitted() {
        return outcome.isAdmitted();
    }

    /** The policy's name; of several limits that of the tightest. */
    public String name() {
        return policy.name();
    }

    public RateLimitPolicy policy() {
        return policy;
    }

    public RateOutcome outcome() {
        return outcome;
    }

    /** Who decided. */
    public RateSource source() {
        return source;
    }

    /** Whether the store was asked, could not say, and the policy let the call through or failed it uncounted. */
    public boolean storeFailed() {
        return storeFailed;
    }

    /** The permits asked for: 1. */
    public long permits() {
        return permits;
    }

    /** The most permits that a call can get at once: 2; {@link Long#MAX_VALUE} where nothing is counted. */
    public long limit() {
        return allowance != null ? allowance.capacity() : policy.capacity();
    }

    /** The permits left: 1, 0, 0; negative in debt; {@link Long#MAX_VALUE} where nothing is counted. */
    public long remaining() {
        return remaining;
    }

    /** How long the same call would be refused: empty, empty, 30 s; empty too where waiting does not help. */
    public Optional<Duration> retryAfter() {
        return admitted() || neverAdmits() ? Optional.empty() : Optional.of(micros(retryMicros));
    }

    /** How long until all permits are back: 30 s, 60 s, 60 s. */
    public Duration resetAfter() {
        return micros(fullMicros);
    }

    /** How long the call waited for its permits, or would have had to: zero without {@code max-wait}. */
    public Duration waitTime() {
        return micros(waitMicros);
    }

    /** Whether the same call will never be admitted under these settings. */
    public boolean neverAdmits() {
        return outcome == RateOutcome.NEVER || outcome == RateOutcome.BLOCKED;
    }

    /** The names of the limits that refuse: none, none, this one. */
    public List<String> violated() {
        return parts().stream()
                .filter(part -> !part.admitted())
                .map(RateLimitVerdict::name)
                .toList();
    }

    /** The verdict of each limit of a joint decision; of a single limit, this. */
    public List<RateLimitVerdict> parts() {
        return parts.isEmpty() ? List.of(this) : parts;
    }

    /** The capacity of the slowest bandwidth, 2: {@code q} of the RateLimit-Policy header. Empty where nothing is counted. */
    public Optional<Long> quota() {
        return allowance == null ? Optional.empty() : Optional.of(allowance.quota());
    }

    /** How long the slowest bandwidth takes to fill, in seconds rounded up, 60: {@code w} of the header; 0 where none. */
    public long windowSeconds() {
        return allowance == null ? 0 : allowance.windowSeconds();
    }

    /** How long until there is a permit again if none is left: 0 s, 30 s, 30 s; never too early. */
    public Duration nextPermitAfter() {
        if (!admitted() && !neverAdmits()) {
            return micros(retryMicros);
        }
        return remaining > 0 || allowance == null ? Duration.ZERO : micros(allowance.nextPermitMicros(fullMicros));
    }

    /** {@link #waitTime} in microseconds. */
    public long waitMicros() {
        return waitMicros;
    }

    private static Duration micros(long micros) {
        return Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }

    @Override
    public String toString() {
        return "RateLimitVerdict[" + policy.name() + ", " + outcome + ", remaining=" + remaining + ", source=" + source
                + "]";
    }
}
