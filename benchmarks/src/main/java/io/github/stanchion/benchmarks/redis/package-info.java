/**
 * Load on the store in Redis, beside what it costs at least and what peers make of the same limit.
 *
 * <p>{@link io.github.stanchion.benchmarks.redis.StoreLoad} is the program; a {@code Side} is one way to decide, a {@code
 * Scenario} what all sides go through in turn.
 */
@NullMarked
package io.github.stanchion.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
