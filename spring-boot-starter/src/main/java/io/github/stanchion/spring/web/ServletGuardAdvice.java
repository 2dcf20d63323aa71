package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreContentionException;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers refused calls of MVC handlers, annotated and functional.
 *
 * <p>An application's own advice for these exceptions goes first if it has an order; a catch-all without one does not.
 */
@RestControllerAdvice
@Order(GuardProblems.ADVICE_ORDER)
public final class ServletGuardAdvice {

    private final GuardProblems problems;

    public ServletGuardAdvice(GuardProblems problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> answer(GuardRejectedException rejection, HttpServletResponse response) {
        if (response.isCommitted()) {
            throw rejection;
        }
        return problems.answer(rejection).entity();
    }

    @ExceptionHandler({
        StoreUnreachableException.class,
        StoreTimeoutException.class,
        StoreContentionException.class,
        StoreFullException.class,
        StoreClosedException.class
    })
    ResponseEntity<ProblemDetail> answer(StoreException trouble, HttpServletResponse response) {
        GuardProblem problem = problems.answer(trouble);
        if (problem == null || response.isCommitted()) {
            throw trouble;
        }
        return problem.entity();
    }
}
