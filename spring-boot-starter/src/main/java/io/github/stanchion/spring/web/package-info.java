/**
 * What guards mean to HTTP, on Spring MVC and WebFlux alike: who calls ({@code #ip}), how a refusal is answered (RFC 9457
 * problem details, {@code Retry-After}), how much of a limit is left ({@code RateLimit} fields), and when a handler's result that
 * comes later has ended.
 *
 * <p>Open {@link io.github.stanchion.spring.web.ClientIpResolver} for addresses,
 * {@link io.github.stanchion.spring.web.GuardProblems} for refusals and
 * {@link io.github.stanchion.spring.web.RateLimitHeaders} for the fields. Types whose names begin with {@code Servlet} or
 * {@code Reactive} bring them to their stack; neither kind needs the other's libraries.
 */
@NullMarked
package io.github.stanchion.spring.web;

import org.jspecify.annotations.NullMarked;
