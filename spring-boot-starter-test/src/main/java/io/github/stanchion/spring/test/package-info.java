/**
 * Tests of guarded applications with Spring Boot: virtual time, faults of the store, a fresh state for each test, guards
 * switched off.
 *
 * <p>Open {@link io.github.stanchion.spring.test.AutoConfigureStanchion} first. Nothing here changes a test that does not ask
 * for it: guards are real in tests. Knows the starter and the testkit; nobody knows it.
 */
@NullMarked
package io.github.stanchion.spring.test;

import org.jspecify.annotations.NullMarked;
