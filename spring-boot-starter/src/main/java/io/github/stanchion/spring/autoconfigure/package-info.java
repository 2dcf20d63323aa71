/**
 * Wires Stanchion into a Spring Boot application, by Boot's own rules: every bean backs off for the user's.
 *
 * <p>Open {@link io.github.stanchion.spring.autoconfigure.StanchionProperties} for what can be set, and
 * {@link io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration} for what comes of it. Settings are checked when
 * the application starts; {@link io.github.stanchion.spring.autoconfigure.PolicyReloader} checks and applies them again.
 *
 * <p>Knows the packages of weaving, keys and reactive results; knows no web. Nobody but the web packages knows it.
 */
@NullMarked
package io.github.stanchion.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
