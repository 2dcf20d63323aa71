/**
 * Shows guards and stores to operators: actuator endpoint and health.
 *
 * <p>Open {@link io.github.stanchion.spring.actuate.StanchionEndpoint} first. A kind of guard takes part in it by an
 * {@link io.github.stanchion.spring.actuate.EndpointKind}. Names are answered, keys never: they come in bodies of requests and
 * go nowhere. Settings are not edited here; they would be gone with the next start.
 *
 * <p>Needs Boot's actuator, loaded where that is present alone. Knows the counts of {@code spring.metrics}; the
 * auto-configuration knows it.
 */
@NullMarked
package io.github.stanchion.spring.actuate;

import org.jspecify.annotations.NullMarked;
