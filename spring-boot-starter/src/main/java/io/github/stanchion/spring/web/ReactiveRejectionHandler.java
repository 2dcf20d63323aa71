package io.github.stanchion.spring.web;

import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/**
 * Answers refusals of guarded beans that WebFlux filters call, which no controller advice ever sees; the counterpart of
 * {@link GuardRejectionFilter}. Stands before Spring Boot's own handler.
 */
public final class ReactiveRejectionHandler implements WebExceptionHandler, Ordered {

    private static final int ORDER = -2;

    private final GuardProblems problems;

    public ReactiveRejectionHandler(GuardProblems problems) {
        this.problems = problems;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        ServerHttpResponse response = exchange.getResponse();
        GuardProblem problem = response.isCommitted() ? null : problems.find(Exceptions.unwrap(error));
        if (problem == null) {
            return Mono.error(error);
        }
        byte[] body = problem.json(exchange.getRequest().getPath().value());
        response.setStatusCode(HttpStatusCode.valueOf(problem.detail().getStatus()));
        HttpHeaders headers = response.getHeaders();
        headers.clearContentHeaders();
        if (problem.retryAfterSeconds() != null) {
            headers.set(HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds().toString());
        }
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setContentLength(body.length);
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }
}
