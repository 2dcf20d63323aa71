package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

class ProblemJsonTest {

    private final JsonMapper jackson = JsonMapper.builder()
            .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
            .build();

    @Test
    void readsAsWhatJacksonWrites() {
        ProblemDetail problem = ProblemDetail.forStatus(429);
        problem.setType(URI.create("https://example.org/a?b=c#d"));
        problem.setTitle("Ti\"tle \\ with \u0000 \n \u2028 ü 😀");
        problem.setDetail("{");
        problem.setInstance(URI.create("/x"));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("empty", Map.of());
        map.put("list", new ArrayList<>(Arrays.asList("{", null, 1, true, List.of(), Map.of("[", "["))));
        problem.setProperty("map", map);
        problem.setProperty("long", Long.MAX_VALUE);
        problem.setProperty("double", 0.5);
        problem.setProperty("array", new String[] {"a", "b"});
        problem.setProperty("no", false);

        String json = new String(ProblemJson.write(problem), StandardCharsets.UTF_8);

        assertThat(jackson.readTree(json)).isEqualTo(jackson.readTree(jackson.writeValueAsString(problem)));
        assertThat(json).isPrintable().matches("[ -~]*");
    }

    @Test
    void whatIsNoJsonIsWrittenAsText() {
        ProblemDetail problem = ProblemDetail.forStatus(503);
        problem.setProperty("nan", Double.NaN);
        problem.setProperty("uri", URI.create("https://example.org/"));
        problem.setProperty("null", null);
        assertThat(new String(ProblemJson.write(problem), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"title\":\"Service Unavailable\",\"status\":503,\"nan\":\"NaN\",\"uri\":\"https://example.org/\"}");
    }
}
