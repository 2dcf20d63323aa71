/** Violations of the rules for package {@code annotation}. */
@NullMarked
package io.github.stanchion.architecture.planted.annotation;

import org.jspecify.annotations.NullMarked;
