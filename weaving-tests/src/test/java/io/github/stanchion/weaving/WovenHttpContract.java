package io.github.stanchion.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.redis.RedisUnderTest;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.weaving.app.Hatch;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * What clients of woven handlers are told of their limits, where the result comes later and a Redis decides: on a thread of
 * its own, which serves no request.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WovenHttpContract {

    private final HttpClient client = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application;

    @BeforeAll
    void start() {
        application = new SpringApplicationBuilder(Wiring.class)
                .web(WebApplicationType.SERVLET)
                .properties(
                        "server.port=0",
                        "spring.main.banner-mode=off",
                        "logging.level.root=error",
                        "stanchion.weaving=aspectj",
                        "stanchion.store=redis",
                        "spring.data.redis.url=" + RedisUnderTest.uri(),
                        "stanchion.redis.command-timeout=20s",
                        "stanchion.key-prefix=" + RedisUnderTest.prefix())
                .run();
    }

    @AfterAll
    void stop() {
        application.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bean", "final", "private", "plain"})
    void fieldsAndRetryAfterAreThere(String name) throws Exception {
        HttpResponse<String> admitted = get("/" + name);
        HttpResponse<String> refused = get("/" + name);

        assertThat(admitted.statusCode()).isEqualTo(200);
        assertThat(admitted.body()).isEqualTo("open");
        assertFields(admitted, name);
        assertThat(header(admitted, "Retry-After")).isNull();

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
        assertFields(refused, name);
        assertThat(header(refused, "Retry-After")).isEqualTo("30");
    }

    private static void assertFields(HttpResponse<?> response, String name) {
        assertThat(header(response, "RateLimit")).isEqualTo("\"" + name + "\";r=0;t=30");
        assertThat(header(response, "RateLimit-Policy")).isEqualTo("\"" + name + "\";q=1;w=30");
    }

    private HttpResponse<String> get(String path) throws Exception {
        String port = application.getEnvironment().getRequiredProperty("local.server.port");
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Hatch.class)
    static class Wiring {

        /** Stands still, so that no answer depends on how long it took. */
        @Bean
        VirtualClock clock() {
            return new VirtualClock();
        }
    }
}
