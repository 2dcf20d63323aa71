/** Violations of the rules for package {@code attempt}. */
@NullMarked
package io.github.stanchion.architecture.planted.attempt;

import org.jspecify.annotations.NullMarked;
