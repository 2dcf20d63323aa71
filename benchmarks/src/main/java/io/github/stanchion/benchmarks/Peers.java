package io.github.stanchion.benchmarks;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/** The peers' limiters for one limit, each in its fastest documented setting. */
final class Peers {

    private Peers() {}

    /** On nanoseconds without locks: bucket4j's default for one process. */
    static Bucket bucket4j(long permits, Duration period) {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(permits)
                        .refillGreedy(permits, period)
                        .build())
                .withNanosecondPrecision()
                .build();
    }

    /** The atomic limiter, never waiting. */
    static RateLimiter resilience4j(int permits, Duration period) {
        return RateLimiter.of(
                "benchmark",
                RateLimiterConfig.custom()
                        .limitForPeriod(permits)
                        .limitRefreshPeriod(period)
                        .timeoutDuration(Duration.ZERO)
                        .build());
    }
}
