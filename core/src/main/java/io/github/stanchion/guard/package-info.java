/**
 * What all guards have in common: the seam between a woven call and the decisions of its guards.
 *
 * <p>Open {@link io.github.stanchion.guard.Guard} first: a guard opens a {@link io.github.stanchion.guard.GuardSession} per
 * call, which says {@link io.github.stanchion.guard.Move} by move what is to happen; the
 * {@link io.github.stanchion.guard.GuardExecutor} carries that out, blocking or not. Guards therefore know nothing of
 * threads, and the executor knows no kind of guard. A {@link io.github.stanchion.guard.GuardBinder} makes the guard of a
 * method from annotations and settings.
 *
 * <p>Knows the store; the packages of the guards know it, never the other way round.
 */
@NullMarked
package io.github.stanchion.guard;

import org.jspecify.annotations.NullMarked;
