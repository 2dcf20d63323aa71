package io.github.stanchion.spring.web;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.StoreUnreachableException;
import io.github.stanchion.testkit.VirtualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ReactiveHttpTest extends HttpContract {

    @Override
    Class<?> application() {
        return Application.class;
    }

    @Override
    WebApplicationType type() {
        return WebApplicationType.REACTIVE;
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({Endpoints.class, Service.class, CatchAll.class})
    static class Application {

        @Bean
        VirtualClock clock() {
            return new VirtualClock();
        }

        /** Its own threads, so that closing one application leaves the others theirs. */
        @Bean
        ReactorResourceFactory resources() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            return resources;
        }

        @Bean
        ProblemCustomizer customizer() {
            return (problem, rejection) -> problem.setProperty("added", "by the application");
        }

        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.httpBasic(Customizer.withDefaults())
                    .csrf(csrf -> csrf.disable())
                    .authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                    .build();
        }

        @Bean
        MapReactiveUserDetailsService users() {
            return new MapReactiveUserDetailsService(
                    User.withUsername("alice")
                            .password("{noop}secret")
                            .roles("USER")
                            .build(),
                    User.withUsername("bob")
                            .password("{noop}secret")
                            .roles("USER")
                            .build());
        }

        @Bean
        RouterFunction<ServerResponse> routes(Service service) {
            return RouterFunctions.route()
                    .GET("/functional", request -> service.functional().flatMap(ServerResponse.ok()::bodyValue))
                    .build();
        }

        @Bean
        @Order(-99)
        WebFilter callingFilter(Service service) {
            return (exchange, chain) -> {
                ServerHttpResponse response = exchange.getResponse();
                String path = exchange.getRequest().getPath().value();
                if (path.startsWith(FILTERED_STORE)) {
                    return Mono.error(HttpContract.storeTrouble(path.substring(FILTERED_STORE.length())));
                }
                return switch (path) {
                    case "/filtered" -> service.filtered().flatMap(text -> response.writeWith(text(response, text)));
                    case "/filtered-down" -> Mono.error(down());
                    default -> chain.filter(exchange);
                };
            };
        }
    }

    private static Mono<DataBuffer> text(ServerHttpResponse response, String text) {
        return Mono.just(response.bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    static StoreUnavailableException down() {
        return new StoreUnavailableException(
                "rate-limit", "search", new StoreUnreachableException("ask", new IOException("refused")));
    }

    @RestController
    static class Endpoints {

        private final Service service;

        Endpoints(Service service) {
            this.service = service;
        }

        @RateLimited("search")
        @GetMapping("/search")
        public Mono<String> search() {
            return Mono.just("found");
        }

        @GetMapping("/interval/{name}")
        public Mono<String> interval(@PathVariable String name) {
            return switch (name) {
                case "a-second" -> service.second();
                case "a-minute" -> service.minute();
                case "an-hour" -> service.hour();
                default -> service.day();
            };
        }

        @RateLimited(name = "exhausted", limit = "1/100d", key = "#ip")
        @GetMapping(
                path = "/exhausted",
                produces = {"text/plain", "text/html", "application/xml", "image/png", "*/*"})
        public Mono<String> exhausted() {
            return Mono.just("ok");
        }

        @RateLimited(name = "later", limit = "1/100d", key = "#ip")
        @GetMapping("/later")
        public Flux<String> later() {
            return Flux.just("o", "k");
        }

        /** Nothing but the argument says which exchange it serves. */
        @RateLimited(name = "future", limit = "1/30s")
        @GetMapping("/future")
        public CompletableFuture<String> future(ServerWebExchange exchange) {
            return CompletableFuture.supplyAsync(() -> "ok");
        }

        @RateLimited(name = "mono", limit = "1/30s")
        @GetMapping("/mono")
        public Mono<String> mono() {
            return Mono.just("ok");
        }

        @RateLimited(name = "flux", limit = "1/30s")
        @GetMapping("/flux")
        public Flux<String> flux() {
            return Flux.just("o", "k");
        }

        @RateLimited(name = "events", limit = "1/30s")
        @GetMapping(path = "/events", produces = "text/event-stream")
        public Flux<String> events() {
            return Flux.just("o", "k");
        }

        @RateLimited(name = "bulk", limit = "2/1h", cost = "#size")
        @GetMapping("/bulk")
        public Mono<String> bulk(@RequestParam int size) {
            return Mono.just("ok");
        }

        @RateLimited(name = "calls", limit = "2/1h")
        @RateLimited(name = "permits", limit = "4/1h", cost = "#size")
        @GetMapping("/two-limits")
        public Mono<String> twoLimits(@RequestParam int size) {
            return Mono.just("ok");
        }

        @GetMapping("/down")
        public Mono<String> unavailable() {
            return Mono.error(down());
        }

        @GetMapping("/store/{trouble}")
        public Mono<String> store(@PathVariable("trouble") String trouble) {
            return Mono.error(HttpContract.storeTrouble(trouble));
        }

        @GetMapping("/broken")
        public Mono<String> broken() {
            return Mono.error(new IllegalStateException("broken"));
        }

        @RateLimited(name = "redirect", limit = "100/1h")
        @GetMapping("/redirect")
        public Mono<ResponseEntity<Void>> redirect() {
            return Mono.just(ResponseEntity.status(HttpStatus.FOUND)
                    .header("Location", "/search")
                    .build());
        }

        @RateLimited(name = "shadow", key = "#ip")
        @GetMapping("/shadow")
        public Mono<String> shadow() {
            return Mono.just("ok");
        }

        @GetMapping("/committed")
        public Mono<Void> committed(ServerHttpResponse response) {
            return response.writeAndFlushWith(Flux.concat(
                    Mono.just(text(response, "begun")),
                    service.blocked().then(service.blocked()).map(ok -> text(response, ok))));
        }

        @RateLimited(name = "me", limit = "1/1h", key = "#principal")
        @GetMapping("/me")
        public Mono<String> me() {
            return Mono.just("ok");
        }

        @RateLimited(name = "by-ip", limit = "10/100d", key = "#ip")
        @GetMapping("/by-ip")
        public Mono<String> byIp() {
            return Mono.just("ok");
        }
    }

    static class Service {

        @RateLimited("a-second")
        public Mono<String> second() {
            return Mono.just("ok");
        }

        @RateLimited("a-minute")
        public Mono<String> minute() {
            return Mono.just("ok");
        }

        @RateLimited("an-hour")
        public Mono<String> hour() {
            return Mono.just("ok");
        }

        @RateLimited("a-day")
        public Mono<String> day() {
            return Mono.just("ok");
        }

        @RateLimited(name = "functional", limit = "1/100d", key = "#ip")
        public Mono<String> functional() {
            return Mono.just("ok");
        }

        @RateLimited(name = "filtered", limit = "1/100d", key = "#ip")
        public Mono<String> filtered() {
            return Mono.just("ok");
        }

        @RateLimited(name = "blocked", limit = "1/100d")
        public Mono<String> blocked() {
            return Mono.just("ok");
        }
    }

    @RestControllerAdvice
    static class CatchAll {

        @ExceptionHandler
        ResponseEntity<String> anything(Exception any) {
            return ResponseEntity.internalServerError().body("catch-all");
        }
    }
}
