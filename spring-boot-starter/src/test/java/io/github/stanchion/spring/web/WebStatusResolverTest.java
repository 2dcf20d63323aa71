package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.weave.DeclaredAnnotations;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ResponseStatusException;

class WebStatusResolverTest {

    private final WebStatusResolver statuses =
            new WebStatusResolver(result -> result instanceof HttpStatus status ? status : null);

    @Test
    void resultsTellTheirStatus() throws Exception {
        assertThat(statuses.status(method("plain"), null, null)).isEqualTo(200);
        assertThat(statuses.status(null, "text", null)).isEqualTo(200);
        assertThat(statuses.status(method("plain"), ResponseEntity.notFound().build(), null))
                .isEqualTo(404);
        assertThat(statuses.status(method("created"), ResponseEntity.noContent().build(), null))
                .isEqualTo(204);
        assertThat(statuses.status(null, new ResponseStatusException(HttpStatus.CONFLICT), null))
                .isEqualTo(409);
        assertThat(statuses.status(null, ProblemDetail.forStatus(422), null)).isEqualTo(422);
        assertThat(statuses.status(null, HttpStatus.ACCEPTED, null)).isEqualTo(202);
        assertThat(statuses.status(method("created"), "text", null)).isEqualTo(201);
    }

    @Test
    void errorsTellTheirStatus() throws Exception {
        assertThat(statuses.status(method("created"), null, new IllegalStateException()))
                .isEqualTo(500);
        assertThat(statuses.status(null, null, new ResponseStatusException(HttpStatus.CONFLICT)))
                .isEqualTo(409);
        assertThat(statuses.status(null, null, new Gone())).isEqualTo(410);
        assertThat(statuses.status(null, null, new CompletionException(new Gone())))
                .isEqualTo(410);
    }

    private static GuardedMethod method(String name) throws NoSuchMethodException {
        return new GuardedMethod(Endpoint.class.getDeclaredMethod(name), Endpoint.class, new DeclaredAnnotations());
    }

    static final class Endpoint {

        void plain() {}

        @ResponseStatus(HttpStatus.CREATED)
        void created() {}
    }

    @ResponseStatus(HttpStatus.GONE)
    static final class Gone extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
