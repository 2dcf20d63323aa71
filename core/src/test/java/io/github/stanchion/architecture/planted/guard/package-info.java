/** Violations of the rules for package {@code guard}. */
@NullMarked
package io.github.stanchion.architecture.planted.guard;

import org.jspecify.annotations.NullMarked;
