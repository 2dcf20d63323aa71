package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardRejectedException;
import org.springframework.http.ProblemDetail;

/**
 * Adapts the problem details of refused calls to an application's own; a bean of this type is asked for each.
 *
 * <p>Title, type, detail, instance and properties may change; the status, and {@code Retry-After}, stay what the guard
 * decided. What a customizer throws is logged, and the answer goes out as it is by then.
 */
@FunctionalInterface
public interface ProblemCustomizer {

    void customize(ProblemDetail problem, GuardRejectedException rejection);
}
