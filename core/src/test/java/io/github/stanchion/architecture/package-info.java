/**
 * The rules of the house that a compiler does not know, held against the classes of core.
 *
 * <p>Open {@link io.github.stanchion.architecture.ArchitectureRules} first. Below {@code planted} stands one violation of
 * each, so that a rule that no longer finds anything is noticed.
 */
@NullMarked
package io.github.stanchion.architecture;

import org.jspecify.annotations.NullMarked;
