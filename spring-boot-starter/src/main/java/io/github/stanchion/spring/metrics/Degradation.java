package io.github.stanchion.spring.metrics;

import io.github.stanchion.guard.FailurePolicy;
import java.time.Instant;

/**
 * A policy whose store is away.
 *
 * @param runsOn what the policy does meanwhile
 * @param since when its store first failed
 */
public record Degradation(FailurePolicy runsOn, Instant since) {}
