/**
 * The subjects of the weaving tests: one set of guarded methods that is woven by proxy, at load time and at compile time, so
 * that the three can be held against each other.
 */
@NullMarked
package io.github.stanchion.weaving;

import org.jspecify.annotations.NullMarked;
