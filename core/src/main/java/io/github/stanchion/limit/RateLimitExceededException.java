package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardRejectedException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One or several rate limits refused the call; the guarded method did not run, and nothing was charged.
 *
 * <p>Its name is that of the limit with the longest wait, its {@code retryAfter()} that wait; both are of the store's clock.
 */
public final class RateLimitExceededException extends GuardRejectedException {

    private static final long serialVersionUID = 1L;

    private final transient List<RateLimitVerdict> violations;
    private final transient RateLimitVerdict tightest;

    RateLimitExceededException(List<RateLimitVerdict> violations) {
        this(violations, RateLimitVerdict.joint(violations));
    }

    private RateLimitExceededException(List<RateLimitVerdict> violations, RateLimitVerdict tightest) {
        super(null, RateLimitGuard.KIND, tightest.name(), tightest.retryAfter().orElse(null));
        this.violations = List.copyOf(violations);
        this.tightest = tightest;
    }

    /** The names of all limits that refused. */
    public List<String> violated() {
        return violations.stream().map(RateLimitVerdict::name).toList();
    }

    /** What each limit that refused said. */
    public List<RateLimitVerdict> violations() {
        return violations;
    }

    /** The most permits that the limit can ever give to one call. */
    public long limit() {
        return tightest.limit();
    }

    /** Whether the same call will never be admitted under these settings; then there is no {@code retryAfter()}. */
    public boolean neverAdmits() {
        return tightest.neverAdmits();
    }

    /** Made anew at each call; holds names and figures, never a key. */
    @Override
    public String getMessage() {
        String limits = violations.stream()
                .map(part -> "'" + part.name() + "' (" + part.policy().describeLimit() + ")")
                .collect(Collectors.joining(" and "));
        return "Call rejected by rate limit" + (violations.size() > 1 ? "s " : " ") + limits + remedy();
    }

    private String remedy() {
        if (tightest.outcome() == RateOutcome.NEVER) {
            return String.format(
                    Locale.ROOT, ": its cost %d is above the capacity %d", tightest.permits(), tightest.limit());
        }
        return retryAfter().map(wait -> "; retry after " + write(wait)).orElse("");
    }

    /** Milliseconds up to 10 seconds, else seconds; rounded up, so that nobody comes back too early. */
    private static String write(Duration wait) {
        long millis = wait.plusNanos(999_999).toMillis();
        return millis < 10_000
                ? String.format(Locale.ROOT, "%d ms", millis)
                : String.format(Locale.ROOT, "%d s", (millis + 999) / 1_000);
    }
}
