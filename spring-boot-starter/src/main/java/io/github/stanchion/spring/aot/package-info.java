/**
 * What ahead-of-time processing cannot see by itself: the methods that guards call by reflection.
 *
 * <p>Open {@link io.github.stanchion.spring.aot.GuardedBeanHints}. Only ahead-of-time processing knows it, by
 * {@code META-INF/spring/aot.factories}; it knows which methods are guarded from the package {@code weave}.
 */
@NullMarked
package io.github.stanchion.spring.aot;

import org.jspecify.annotations.NullMarked;
