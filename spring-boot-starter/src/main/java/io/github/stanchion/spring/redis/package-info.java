/**
 * Redis as applications on Spring Boot have it: found, connected to, started and looked at.
 *
 * <p>Start with {@code ConfiguredRedis}: whether an application has a Redis, and where. Spring Data Redis is optional, and all that
 * needs it is in classes whose names begin with {@code DataRedis}. Loaded only where the Redis backend is on the class path.
 */
@NullMarked
package io.github.stanchion.spring.redis;

import org.jspecify.annotations.NullMarked;
