package io.github.stanchion.spring.web;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/**
 * The answer to a refused call.
 *
 * @param retryAfterSeconds what {@code Retry-After} says, null if waiting does not help
 */
public record GuardProblem(ProblemDetail detail, @Nullable Long retryAfterSeconds) {

    /** For handlers whose result Spring writes; as problem+json whatever the client accepts. */
    ResponseEntity<ProblemDetail> entity() {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(detail.getStatus()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (retryAfterSeconds != null) {
            answer.header(HttpHeaders.RETRY_AFTER, retryAfterSeconds.toString());
        }
        return answer.body(detail);
    }

    /** For filters, which write themselves: the same JSON, in ASCII. */
    byte[] json(String path) {
        if (detail.getInstance() == null) {
            detail.setInstance(instance(path));
        }
        return ProblemJson.write(detail);
    }

    private static @Nullable URI instance(String path) {
        try {
            return URI.create(path);
        } catch (IllegalArgumentException notAUri) {
            return null;
        }
    }
}
