/**
 * The expressions of annotations and settings, in Spring's expression language: keys, costs, conditions and the like.
 *
 * <p>Open {@link io.github.stanchion.spring.key.SpelExpressions} first: it reads and checks an expression once per method, when
 * the application starts. A bean of type {@link io.github.stanchion.spring.key.CallVariable} adds a variable, as {@code #ip}.
 *
 * <p>Knows the guard seam and Spring's expressions; no kind of guard, no web.
 */
@NullMarked
package io.github.stanchion.spring.key;

import org.jspecify.annotations.NullMarked;
