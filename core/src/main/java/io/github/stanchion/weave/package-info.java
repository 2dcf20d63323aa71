/**
 * Brings guards to the methods of an application: what to weave, with which guards, by AspectJ or through an adapter.
 *
 * <p>Open {@link io.github.stanchion.weave.GuardWeaver} first: it makes and keeps the plan of each method. A proxy's
 * interceptor asks it directly; {@link io.github.stanchion.weave.GuardAspect} does the same for code that AspectJ has woven,
 * at load time or at compile time. {@link io.github.stanchion.weave.GuardMark} keeps a method that has both from being
 * guarded twice.
 *
 * <p>Knows {@code guard} and {@code annotation}; no other package of core knows it.
 */
@NullMarked
package io.github.stanchion.weave;

import org.jspecify.annotations.NullMarked;
