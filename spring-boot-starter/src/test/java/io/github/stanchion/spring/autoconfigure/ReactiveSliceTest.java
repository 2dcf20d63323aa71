package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.context.annotation.Import;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Guards are real in a slice that imports nothing of ours. */
@WebFluxTest
@WithMockUser
class ReactiveSliceTest {

    @Autowired
    private WebTestClient client;

    @Test
    void controllersAreGuarded() {
        for (int status : new int[] {200, 200, 429}) {
            client.get().uri("/search").exchange().expectStatus().isEqualTo(status);
        }
    }

    @RestController
    static class Controller {

        @GetMapping("/search")
        @RateLimited(limit = "2/1m")
        public Mono<String> search() {
            return Mono.just("found");
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Controller.class)
    static class Application {}
}
