package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.store.StoreException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers refusals of guarded beans that filters call, such as those that authenticate: no controller advice ever sees them.
 * Also lets the response carry the fields of rate limits.
 *
 * <p>Stands outside Spring Security's filters. A response that is committed cannot be changed; the refusal then goes on to the
 * container.
 */
public final class GuardRejectionFilter extends OncePerRequestFilter {

    /** Where the filter belongs. */
    public static final int ORDER = GuardProblems.FILTER_ORDER;

    private final @Nullable GuardProblems problems;
    private final RateLimitHeaders headers;

    /** @param problems null to leave refusals to the application */
    public GuardRejectionFilter(@Nullable GuardProblems problems, RateLimitHeaders headers) {
        this.problems = problems;
        this.headers = headers;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        HttpServletResponse answer = ServletQuotas.wrap(request, response, headers);
        try {
            chain.doFilter(request, answer);
        } catch (GuardRejectedException | StoreException trouble) {
            answer(trouble, trouble, request, answer);
        } catch (ServletException trouble) {
            answer(trouble, causeOf(trouble), request, answer);
        }
    }

    private static @Nullable Throwable causeOf(ServletException trouble) {
        Throwable cause = trouble;
        while (cause instanceof ServletException) {
            cause = cause.getCause();
        }
        return cause;
    }

    private <T extends Exception> void answer(
            T trouble, @Nullable Throwable cause, HttpServletRequest request, HttpServletResponse response)
            throws T, IOException {
        GuardProblem problem = problems == null || response.isCommitted() ? null : problems.find(cause);
        if (problem == null) {
            throw trouble;
        }
        byte[] body = problem.json(request.getRequestURI());
        response.resetBuffer();
        response.setStatus(problem.detail().getStatus());
        if (problem.retryAfterSeconds() != null) {
            response.setHeader(
                    HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds().toString());
        }
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(body.length);
        write(body, response);
    }

    private static void write(byte[] body, HttpServletResponse response) throws IOException {
        try {
            response.getOutputStream().write(body);
        } catch (IllegalStateException writerInUse) {
            // The body is ASCII, so a writer makes the same bytes of it, in every encoding that the web still uses.
            response.getWriter().write(new String(body, StandardCharsets.US_ASCII));
        }
    }
}
