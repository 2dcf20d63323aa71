package io.github.stanchion.spring.web;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.StoreUnreachableException;
import io.github.stanchion.testkit.VirtualClock;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ServletHttpTest extends HttpContract {

    @Override
    Class<?> application() {
        return Application.class;
    }

    @Override
    WebApplicationType type() {
        return WebApplicationType.SERVLET;
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableCaching
    @Import({Endpoints.class, Service.class, CatchAll.class})
    static class Application {

        @Bean
        VirtualClock clock() {
            return new VirtualClock();
        }

        @Bean
        ConcurrentMapCacheManager caches() {
            return new ConcurrentMapCacheManager();
        }

        @Bean
        ProblemCustomizer customizer() {
            return (problem, rejection) -> problem.setProperty("added", "by the application");
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) {
            return http.httpBasic(Customizer.withDefaults())
                    .csrf(csrf -> csrf.disable())
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
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
                    .GET("/functional", request -> ServerResponse.ok().body(service.functional()))
                    .build();
        }

        @Bean
        FilterRegistrationBean<Filter> callingFilter(Service service) {
            FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
                String path = ((HttpServletRequest) request).getRequestURI();
                if (path.equals("/filtered")) {
                    String text = wrapped(service);
                    response.getWriter().write(text);
                } else if (path.equals("/filtered-down")) {
                    throw down();
                } else if (path.startsWith(FILTERED_STORE)) {
                    throw HttpContract.storeTrouble(path.substring(FILTERED_STORE.length()));
                } else {
                    chain.doFilter(request, response);
                }
            });
            // As far out as filters that authenticate are.
            registration.setOrder(-99);
            return registration;
        }

        private static String wrapped(Service service) throws ServletException {
            try {
                return service.filtered();
            } catch (RuntimeException refused) {
                throw new ServletException(new ServletException(refused));
            }
        }
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
        public String search() {
            return "found";
        }

        @GetMapping("/interval/{name}")
        public String interval(@PathVariable String name) {
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
        public String exhausted() {
            return "ok";
        }

        @RateLimited(name = "later", limit = "1/100d", key = "#ip")
        @GetMapping("/later")
        public CompletableFuture<String> later() {
            return CompletableFuture.supplyAsync(() -> "ok");
        }

        @RateLimited(name = "future", limit = "1/30s")
        @GetMapping("/future")
        public CompletableFuture<String> future() {
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
        public String bulk(@RequestParam int size) {
            return "ok";
        }

        @RateLimited(name = "calls", limit = "2/1h")
        @RateLimited(name = "permits", limit = "4/1h", cost = "#size")
        @GetMapping("/two-limits")
        public String twoLimits(@RequestParam int size) {
            return "ok";
        }

        @GetMapping("/down")
        public String unavailable() {
            throw down();
        }

        @GetMapping("/store/{trouble}")
        public String store(@PathVariable("trouble") String trouble) {
            throw HttpContract.storeTrouble(trouble);
        }

        @GetMapping("/broken")
        public String broken() {
            throw new IllegalStateException("broken");
        }

        @RateLimited(name = "redirect", limit = "100/1h")
        @GetMapping("/redirect")
        public ResponseEntity<Void> redirect() {
            return ResponseEntity.status(HttpStatus.FOUND)
                    .header("Location", "/search")
                    .build();
        }

        @RateLimited(name = "shadow", key = "#ip")
        @GetMapping("/shadow")
        public String shadow() {
            return "ok";
        }

        @GetMapping("/committed")
        public void committed(HttpServletResponse response) throws IOException {
            response.getOutputStream().print("begun");
            response.flushBuffer();
            service.blocked();
            service.blocked();
        }

        @RateLimited(name = "me", limit = "1/1h", key = "#principal")
        @GetMapping("/me")
        public String me() {
            return "ok";
        }

        @RateLimited(name = "by-ip", limit = "10/100d", key = "#ip")
        @GetMapping("/by-ip")
        public String byIp() {
            return "ok";
        }
    }

    static class Service {

        @Cacheable("seconds")
        @RateLimited("a-second")
        public String second() {
            return "ok";
        }

        @Cacheable("minutes")
        @RateLimited("a-minute")
        public String minute() {
            return "ok";
        }

        @RateLimited("an-hour")
        public String hour() {
            return "ok";
        }

        @RateLimited("a-day")
        public String day() {
            return "ok";
        }

        @RateLimited(name = "functional", limit = "1/100d", key = "#ip")
        public String functional() {
            return "ok";
        }

        @RateLimited(name = "filtered", limit = "1/100d", key = "#ip")
        public String filtered() {
            return "ok";
        }

        @RateLimited(name = "blocked", limit = "1/100d")
        public String blocked() {
            return "ok";
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
