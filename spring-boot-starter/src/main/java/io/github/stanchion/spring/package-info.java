/**
 * Stanchion in a Spring Boot application: properties become policies, annotated methods become guarded ones, and a refusal
 * becomes an HTTP answer. Everything beyond the core and the memory store is optional and found by what is on the class path.
 */
@NullMarked
package io.github.stanchion.spring;

import org.jspecify.annotations.NullMarked;
