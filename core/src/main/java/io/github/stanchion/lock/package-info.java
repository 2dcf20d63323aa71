/**
 * Locks: leases that one caller of the whole cluster holds at a time, decided in one store round trip.
 *
 * <p>Open {@link io.github.stanchion.lock.LockAcquire} first. With {@link io.github.stanchion.lock.LockRenew},
 * {@link io.github.stanchion.lock.LockRelease} and {@link io.github.stanchion.lock.LockInspect} it is all that ever touches
 * a lock's state; {@code LockState} says what that holds, and {@code WaitLine} who is next.
 *
 * <p>This package may know {@code store}, {@code guard} and {@code annotation}, and no other guard's package.
 */
@NullMarked
package io.github.stanchion.lock;

import org.jspecify.annotations.NullMarked;
