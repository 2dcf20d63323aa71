/**
 * What an application needs of its store beyond decisions: that it stops and starts with the application, and that it can be looked at.
 *
 * <p>Nothing here knows a backend. {@code RestartableStore} is the bean that applications and guards hold, a {@code StoreInFront}
 * of the real one; {@code StoreInspection} is what health and the endpoint ask. Used by the packages of the backends, {@code actuate} and {@code metrics}.
 */
@NullMarked
package io.github.stanchion.spring.store;

import org.jspecify.annotations.NullMarked;
