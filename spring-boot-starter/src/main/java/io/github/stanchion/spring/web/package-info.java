/**
 * What guards mean to HTTP, on Spring MVC and WebFlux alike: who calls ({@code #ip}), how a refusal is answered (RFC 9457
 * problem details, {@code Retry-After}), and how much of a limit is left ({@code RateLimit} fields).
 *
 * <p>Open {@link io.github.stanchion.spring.web.ClientIpResolver} for addresses,
 * GuardProblems for refusals and
 * QuotaFields for the fields. The packages {@code servlet} and {@code reactive} below
 * bring them to their stack and know each other not.
 */
@NullMarked
package io.github.stanchion.spring.web;

import org.jspecify.annotations.NullMarked;
