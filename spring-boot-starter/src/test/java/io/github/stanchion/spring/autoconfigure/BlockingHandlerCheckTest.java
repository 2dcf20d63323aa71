package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.web.bind.annotation.GetMapping;
import reactor.core.publisher.Mono;

/** Handlers that keep others waiting. */
class BlockingHandlerCheckTest {

    private final ReactiveWebApplicationContextRunner contexts = new ReactiveWebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    StanchionAutoConfiguration.class,
                    StanchionRedisAutoConfiguration.class,
                    StanchionWebFluxAutoConfiguration.class))
            .withBean(Desk.class);

    private List<String> warnings(String... properties) {
        try (Logs logs = new Logs()) {
            contexts.withPropertyValues(properties)
                    .run(context -> assertThat(context).hasNotFailed());
            return logs.lines().stream()
                    .filter(line -> line.contains("event loop"))
                    .toList();
        }
    }

    @Test
    void handlersThatReturnTheirResultItselfAreNamedWhereTheStoreLiesElsewhere() {
        assertThat(warnings("stanchion.store=redis", "stanchion.redis.uri=redis://127.0.0.1:1"))
                .containsExactly("WARNING: WebFlux handlers Desk.now hold their event loop up while guards ask store"
                        + " 'redis'; return a Mono, Flux or CompletionStage, or set spring.threads.virtual.enabled");
    }

    @Test
    void memoryHoldsNobodyUp() {
        assertThat(warnings("stanchion.store=memory")).isEmpty();
    }

    static class Desk {

        @GetMapping("/now")
        @RateLimited(name = "now", limit = "1/1m", key = "'all'")
        public String now() {
            return "now";
        }

        @GetMapping("/mono")
        @RateLimited(name = "mono", limit = "1/1m", key = "'all'")
        public Mono<String> mono() {
            return Mono.just("later");
        }

        @GetMapping("/stage")
        @RateLimited(name = "stage", limit = "1/1m", key = "'all'")
        public CompletionStage<String> stage() {
            return CompletableFuture.completedFuture("later");
        }

        @RateLimited(name = "service", limit = "1/1m", key = "'all'")
        public String service() {
            return "now";
        }
    }
}
