package io.github.stanchion.annotation;

/** How a rate limit counts. L is the limit, R the permits per period P, C the capacity. */
public enum RateAlgorithm {

    /** R permits flow in evenly per P, up to C: at most C + R·W/P in any window W. */
    TOKEN_BUCKET,

    /** R permits at the end of each period, up to C: at most 2·L in any window of one period. */
    INTERVAL,

    /** The last window's count fades out as the current one fills: less than 2·L in any window, no doubling at its edge. */
    SLIDING_WINDOW,

    /** Remembers each permit: never more than L in any window, at the price of one number per permit; for L up to 100. */
    SLIDING_LOG
}
