/** Prices that are costly to compute, computed once for all who ask; start at {@code PriceController}. */
@NullMarked
package io.github.stanchion.samples.pricing;

import org.jspecify.annotations.NullMarked;
