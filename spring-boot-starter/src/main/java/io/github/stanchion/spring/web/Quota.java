package io.github.stanchion.spring.web;

import org.jspecify.annotations.Nullable;

/**
 * What one policy has left for one subject, as header fields tell it.
 *
 * @param policy the policy's name
 * @param quota permits of its slowest bandwidth: 100 of {@code 100/1m}
 * @param windowSeconds time in which so many come back: 60
 * @param remaining permits left now
 * @param resetSeconds while some are left, time to full; else time to the next, of a refused call its {@code Retry-After}
 * @param violated whether this policy refused the call
 * @param partition names the subject without telling it, base64; null if it is not to be named
 */
record Quota(
        String policy,
        long quota,
        long windowSeconds,
        long remaining,
        long resetSeconds,
        boolean violated,
        @Nullable String partition) {

    /** Whether less than a fifth is left; quotas are far below the largest long. */
    boolean isLow() {
        return remaining * 5 < quota;
    }
}
