/**
 * Counters and versioned values for applications, exact under any contention: the store's own primitives.
 *
 * <p>Open {@link io.github.stanchion.store.primitive.AtomicCounters} and
 * {@link io.github.stanchion.store.primitive.AtomicValues} first, the facades; {@link io.github.stanchion.store.primitive.Ttl}
 * says when what they write ends. Behind each method is one operation, {@code Counter…} and {@code Value…}, that a backend
 * may run natively; {@link io.github.stanchion.store.primitive.CounterReply} and
 * {@link io.github.stanchion.store.primitive.ValueReply} are what operations answer.
 *
 * <p>Knows the store alone; guards may use it.
 */
@NullMarked
package io.github.stanchion.store.primitive;

import org.jspecify.annotations.NullMarked;
