/**
 * What a store must do, as tests that any backend extends; nothing here depends on a backend, which names this module in
 * test scope.
 *
 * <p>Open {@link io.github.stanchion.testkit.AtomicStoreContract} first; {@link io.github.stanchion.testkit.PrimitivesContract}
 * and {@link io.github.stanchion.testkit.RateLimitContract} stand beside it. A backend with native forms adds
 * {@link io.github.stanchion.testkit.TwinContract}, an operation of one's own
 * {@link io.github.stanchion.testkit.OperationContract}. Time is {@link io.github.stanchion.testkit.VirtualClock}, trouble
 * {@link io.github.stanchion.testkit.FaultyStore}. What several processes do to one store is judged in
 * {@link io.github.stanchion.testkit.proof}.
 */
@NullMarked
package io.github.stanchion.testkit;

import org.jspecify.annotations.NullMarked;
