/** Violations of the rules for package {@code limit}. */
@NullMarked
package io.github.stanchion.architecture.planted.limit;

import org.jspecify.annotations.NullMarked;
