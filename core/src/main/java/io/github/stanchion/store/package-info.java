/**
 * The atomic store: one verb that applies a pure, named operation to one key, atomically, at the store's own time.
 *
 * <p>Open {@link io.github.stanchion.store.AtomicStore} first, then {@link io.github.stanchion.store.Operation} and
 * {@link io.github.stanchion.store.Transition}: every decision of every guard is an operation, and every backend is a way
 * to apply one. {@link io.github.stanchion.store.Value} is what a key holds, {@link io.github.stanchion.store.StoreKey} how
 * it is named. A store of one's own extends {@link io.github.stanchion.store.CompareAndSetStore}.
 *
 * <p>This package knows no other package of Stanchion; all others may know it.
 */
@NullMarked
package io.github.stanchion.store;

import org.jspecify.annotations.NullMarked;
