/**
 * A public API whose callers are limited by address and by plan. It needs nothing but this process: the limits live in memory.
 */
@NullMarked
package io.github.stanchion.samples.apilimits;

import org.jspecify.annotations.NullMarked;
