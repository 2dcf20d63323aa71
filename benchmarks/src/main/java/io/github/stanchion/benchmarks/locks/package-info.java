/**
 * Load on locks in Redis, beside those of others.
 *
 * <p>{@link io.github.stanchion.benchmarks.locks.LockLoad} is the program; a {@code LockSide} is one process's way to lock.
 */
@NullMarked
package io.github.stanchion.benchmarks.locks;

import org.jspecify.annotations.NullMarked;
