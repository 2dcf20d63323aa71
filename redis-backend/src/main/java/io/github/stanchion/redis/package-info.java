/**
 * The store in Redis or Valkey: every decision is one script that the server runs under one key, at the server's time.
 *
 * <p>Start with {@code RedisStore}. Operations run as their Lua twins, which lie beside this
 * package's classes and are held to the operations' own functions by tests. Knows the core and Lettuce, nothing of Spring.
 */
@NullMarked
package io.github.stanchion.redis;

import org.jspecify.annotations.NullMarked;
