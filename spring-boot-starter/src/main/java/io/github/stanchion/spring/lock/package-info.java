/**
 * What locks take from Spring and its libraries: transactions, results as JSON, the context of the log.
 *
 * <p>Each class needs a library of its own and is loaded only where that is present. Knows {@code core}'s locks; the
 * auto-configuration knows it.
 */
@NullMarked
package io.github.stanchion.spring.lock;

import org.jspecify.annotations.NullMarked;
