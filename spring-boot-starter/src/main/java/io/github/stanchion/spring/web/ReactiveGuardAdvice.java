package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreContentionException;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ServerWebExchange;

/**
 * Answers refused calls of WebFlux handlers, annotated and functional; the counterpart of {@link ServletGuardAdvice}.
 */
@RestControllerAdvice
@Order(GuardProblems.ADVICE_ORDER)
public final class ReactiveGuardAdvice {

    private final GuardProblems problems;

    public ReactiveGuardAdvice(GuardProblems problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> answer(GuardRejectedException rejection, ServerWebExchange exchange) {
        if (exchange.getResponse().isCommitted()) {
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
    ResponseEntity<ProblemDetail> answer(StoreException trouble, ServerWebExchange exchange) {
        GuardProblem problem = problems.answer(trouble);
        if (problem == null || exchange.getResponse().isCommitted()) {
            throw trouble;
        }
        return problem.entity();
    }
}
