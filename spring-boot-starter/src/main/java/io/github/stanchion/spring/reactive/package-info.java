/**
 * Guards around results of Reactor and the types that Spring can adapt to it. Loaded only where Reactor is.
 *
 * <p>Open {@link io.github.stanchion.spring.reactive.ReactiveResults} first. Each subscription is a call of its own: it is
 * decided, run and ended by itself, without blocking a thread.
 */
@NullMarked
package io.github.stanchion.spring.reactive;

import org.jspecify.annotations.NullMarked;
