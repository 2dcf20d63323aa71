/**
 * Benchmarks of the guards beside those of their peers. Each measures one decision on one thread or many; the jar of this
 * module runs them all, or those whose names match its first argument.
 */
@NullMarked
package io.github.stanchion.benchmarks;

import org.jspecify.annotations.NullMarked;
