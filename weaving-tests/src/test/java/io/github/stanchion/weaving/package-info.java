/**
 * One contract for all ways of weaving, and a test class for each.
 *
 * <p>Open {@link io.github.stanchion.weaving.WeavingContract} first. Which classes are woven how is the build's business: see
 * this module's pom.
 */
@NullMarked
package io.github.stanchion.weaving;

import org.jspecify.annotations.NullMarked;
