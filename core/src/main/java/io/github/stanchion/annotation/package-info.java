/**
 * The annotations that guard methods, and the words that their attributes use.
 *
 * <p>Open {@link io.github.stanchion.annotation.RateLimited} first. Knows no other package; attributes that are left out
 * take their value from the policy's settings, else from the documented default.
 */
@NullMarked
package io.github.stanchion.annotation;

import org.jspecify.annotations.NullMarked;
