package io.github.stanchion.spring.web;

/**
 * How answers tell callers of their limits: {@code stanchion.web.rate-limit-headers}.
 *
 * @param partitionKey whether the fields name the caller's share of a limit, as a truncated hash of its key that only this
 *     process can make
 */
public record RateLimitHeaderSettings(Format format, Occasion on, boolean partitionKey) {

    /** With every answer, as the IETF's draft has it. */
    public static final RateLimitHeaderSettings DEFAULT =
            new RateLimitHeaderSettings(Format.DRAFT, Occasion.ALWAYS, false);

    /** Which fields are sent. */
    public enum Format {

        /** {@code RateLimit-Policy} and {@code RateLimit}, as on the wire since draft-ietf-httpapi-ratelimit-headers-08. */
        DRAFT,

        /** {@code X-RateLimit-Limit}, {@code -Remaining} and {@code -Reset}, of the policy with the least left. */
        X_RATELIMIT,

        /** None. */
        NONE
    }

    /** Which answers carry them. */
    public enum Occasion {

        /** Every answer but redirects. */
        ALWAYS,

        /** As {@code ALWAYS}, of policies with less than a fifth left. */
        LOW,

        /** Only 429. */
        REJECTED
    }
}
