package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.limit.StatusResolver;
import java.lang.reflect.AnnotatedElement;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ResponseStatus;

/**
 * The status that the end of a guarded call will have over HTTP: of a {@link ResponseEntity}, an {@link ErrorResponse}, a
 * problem or {@link ResponseStatus}; else 200 or 500. Thread-safe.
 */
public final class WebStatusResolver implements StatusResolver {

    private final Function<Object, @Nullable HttpStatusCode> functional;

    /** @param functional the status of a functional endpoint's answer, null for other results */
    public WebStatusResolver(Function<Object, @Nullable HttpStatusCode> functional) {
        this.functional = functional;
    }

    @Override
    public int status(@Nullable GuardedMethod method, @Nullable Object result, @Nullable Throwable error) {
        if (error != null) {
            return ofError(error);
        }
        HttpStatusCode status = result == null ? null : ofResult(result);
        if (status != null) {
            return status.value();
        }
        Integer annotated = method == null ? null : annotated(method.method());
        if (annotated == null && method != null) {
            annotated = annotated(method.targetClass());
        }
        return annotated == null ? 200 : annotated;
    }

    private @Nullable HttpStatusCode ofResult(Object result) {
        if (result instanceof ResponseEntity<?> entity) {
            return entity.getStatusCode();
        }
        if (result instanceof ErrorResponse response) {
            return response.getStatusCode();
        }
        if (result instanceof ProblemDetail problem) {
            return HttpStatusCode.valueOf(problem.getStatus());
        }
        return functional.apply(result);
    }

    private static int ofError(Throwable error) {
        Throwable thrown = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (thrown instanceof ErrorResponse response) {
            return response.getStatusCode().value();
        }
        Integer annotated = annotated(thrown.getClass());
        return annotated == null ? 500 : annotated;
    }

    private static @Nullable Integer annotated(AnnotatedElement element) {
        ResponseStatus status = AnnotatedElementUtils.findMergedAnnotation(element, ResponseStatus.class);
        return status == null ? null : status.code().value();
    }
}
