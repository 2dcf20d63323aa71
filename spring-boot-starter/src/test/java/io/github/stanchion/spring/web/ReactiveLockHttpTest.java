package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.WithLock;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

class ReactiveLockHttpTest extends LockHttpContract {

    @Override
    Class<?> application() {
        return Application.class;
    }

    @Override
    WebApplicationType type() {
        return WebApplicationType.REACTIVE;
    }

    @ParameterizedTest
    @MethodSource("later")
    void clientThatGoesAwayFreesTheLock(String path) throws Exception {
        String id = "gone" + path.replace('/', '-');
        CompletableFuture<?> running = send(path + "?id=" + id);
        await(() -> bodies.begun(id) == 1);
        assertThat(get("/file?id=" + id).statusCode()).isEqualTo(409);

        running.cancel(true);
        await(() -> status("/file?id=" + id) == 200);
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({Endpoints.class, LaterEndpoints.class, Service.class, CatchAll.class})
    static class Application {

        /** Its own threads, so that closing one application leaves the others theirs. */
        @Bean
        ReactorResourceFactory resources() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            return resources;
        }

        @Bean
        SecurityWebFilterChain everybody(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                    .build();
        }

        @Bean
        RouterFunction<ServerResponse> routes(Service service) {
            return RouterFunctions.route()
                    .GET("/functional", request -> service.file(
                                    request.queryParam("id").orElseThrow())
                            .flatMap(ServerResponse.ok()::bodyValue))
                    .build();
        }

        @Bean
        @Order(-99)
        WebFilter callingFilter(Service service, Bodies bodies) {
            return (exchange, chain) -> {
                ServerHttpRequest request = exchange.getRequest();
                bodies.arrive(request.getPath().value());
                return request.getPath().value().equals("/filtered")
                        ? service.file(request.getQueryParams().getFirst("id"))
                                .flatMap(text -> exchange.getResponse().writeWith(text(exchange.getResponse(), text)))
                        : chain.filter(exchange);
            };
        }
    }

    private static Mono<DataBuffer> text(ServerHttpResponse response, String text) {
        return Mono.just(response.bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    static class Service {

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        public Mono<String> file(String id) {
            return Mono.just("filed");
        }
    }

    @RestController
    static class Endpoints {

        private final Bodies bodies;

        Endpoints(Bodies bodies) {
            this.bodies = bodies;
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping(
                path = "/file",
                produces = {"text/plain", "text/html", "image/png", "*/*"})
        public Mono<String> file(@RequestParam String id) {
            return Mono.just("filed");
        }

        @WithLock(name = "file", key = "#id", waitTime = "20s")
        @GetMapping("/patient")
        public Mono<String> patient(@RequestParam String id) {
            return Mono.just("filed");
        }

        @WithLock(
                name = "unrenewed",
                key = "#id",
                waitTime = "0s",
                leaseTime = "8s",
                maxHold = "8s",
                renew = LeaseRenewal.NEVER)
        @GetMapping("/unrenewed")
        public Mono<String> unrenewed(@RequestParam String id) {
            return Mono.just("filed");
        }

        @WithLock(name = "closed", key = "#id", waitTime = "0s")
        @GetMapping("/closed")
        public Mono<String> closed(@RequestParam String id) {
            return Mono.just("filed");
        }

        @WithLock(name = "file", key = "#id", onContention = OnContention.SKIP)
        @GetMapping("/skip")
        public Mono<String> skip(@RequestParam String id) {
            return Mono.just("filed");
        }

        @WithLock(name = "file", key = "#id", onContention = OnContention.SKIP, skipValue = "#id + ' is taken'")
        @GetMapping("/skip-value")
        public Mono<String> skipValue(@RequestParam String id) {
            return Mono.just("filed");
        }

        @WithLock(
                name = "report",
                key = "#id",
                onContention = OnContention.SINGLE_FLIGHT,
                waitTime = "20s",
                share = "20s")
        @GetMapping("/report")
        public Mono<String> report(@RequestParam String id) {
            return Mono.fromFuture(bodies.begin(id));
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/body")
        public Mono<String> body(@RequestParam String id) {
            return Mono.fromFuture(bodies.begin(id));
        }

        @GetMapping("/unlocked")
        public Mono<String> unlocked(@RequestParam String id) {
            return Mono.fromFuture(bodies.begin(id));
        }
    }
}
