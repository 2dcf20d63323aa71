/** Violations of the rules for package {@code store}. */
@NullMarked
package io.github.stanchion.architecture.planted.store;

import org.jspecify.annotations.NullMarked;
