/**
 * Counts what guards decide, and shows it: as Micrometer meters, as Spring events, in the log, and to the actuator.
 *
 * <p>Open {@link io.github.stanchion.spring.metrics.RateLimitWatch} first: it hears all events of rate limits and keeps the
 * counts that meters and endpoint merely read. Each kind of guard brings a watch and meters of its own; what all kinds have in
 * common is {@link io.github.stanchion.spring.metrics.CallOutcome}. Only the classes named {@code *Meters} know Micrometer.
 *
 * <p>Knows core and the memory store. The auto-configuration and the actuator know it.
 */
@NullMarked
package io.github.stanchion.spring.metrics;

import org.jspecify.annotations.NullMarked;
