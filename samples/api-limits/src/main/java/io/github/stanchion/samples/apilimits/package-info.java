/** A public API whose callers are limited by address and by plan; start at {@code ApiController}. */
@NullMarked
package io.github.stanchion.samples.apilimits;

import org.jspecify.annotations.NullMarked;
