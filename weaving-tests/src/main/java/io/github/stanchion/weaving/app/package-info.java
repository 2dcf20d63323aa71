/**
 * A user's application, guarded in all the ways that annotations can be given and reached in all the ways that methods can be
 * called.
 *
 * <p>Compiled twice: plainly, and with the guards woven in at compile time.
 */
@NullMarked
package io.github.stanchion.weaving.app;

import org.jspecify.annotations.NullMarked;
