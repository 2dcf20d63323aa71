package io.github.stanchion.limit;

/** A policy as it is now, with what this process knows of it. */
record LiveLimit(RateLimitPolicy policy, LimitState state) {}
