/**
 * Rate limits: how many permits a subject gets, decided exactly and in one store round trip.
 *
 * <p>Open {@link io.github.stanchion.limit.RateBucket} first: the token bucket, the algorithm that nearly every limit uses.
 * {@code RateInterval}, {@code RateWindow} and {@code RateLog} are the others; each is a pure operation on integers, and each
 * has a settlement that corrects or takes back what it charged. {@link io.github.stanchion.limit.BucketShape} says how fine a
 * limit can be counted.
 *
 * <p>This package may know {@code store}, {@code guard} and {@code annotation}, and no other guard's package.
 */
@NullMarked
package io.github.stanchion.limit;

import org.jspecify.annotations.NullMarked;
