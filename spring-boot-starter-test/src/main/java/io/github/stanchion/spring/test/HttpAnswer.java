package io.github.stanchion.spring.test;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;

/** An answer over HTTP, whichever client got it. */
record HttpAnswer(int status, HttpHeaders headers, String body) {

    static HttpAnswer of(MockHttpServletResponse response) {
        HttpHeaders headers = new HttpHeaders();
        response.getHeaderNames().forEach(name -> headers.addAll(name, response.getHeaders(name)));
        return new HttpAnswer(
                response.getStatus(), headers, new String(response.getContentAsByteArray(), StandardCharsets.UTF_8));
    }

    static HttpAnswer of(HttpStatusCode status, HttpHeaders headers, byte @Nullable [] body) {
        return new HttpAnswer(status.value(), headers, body == null ? "" : new String(body, StandardCharsets.UTF_8));
    }

    boolean isProblem() {
        MediaType type = headers.getContentType();
        return status >= 400 && type != null && type.isCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON);
    }
}
