package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.OnLost;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.lock.Lease;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

class ServletLockHttpTest extends LockHttpContract {

    @Override
    Class<?> application() {
        return Application.class;
    }

    @Override
    WebApplicationType type() {
        return WebApplicationType.SERVLET;
    }

    @Override
    Stream<String> later() {
        return Stream.concat(super.later(), Stream.of("/later/deferred", "/later/callable", "/later/task"));
    }

    @Override
    Stream<String> brief() {
        return Stream.concat(super.brief(), Stream.of("/brief/deferred", "/brief/task"));
    }

    @Test
    void deferredResultThatNeverComesHoldsTheLockUntilItsRequestTimesOut() throws Exception {
        CompletableFuture<HttpResponse<String>> running = send("/later/deferred?id=never&timeout=500");
        await(() -> bodies.begun("never") == 1);
        assertThat(get("/file?id=never").statusCode()).isEqualTo(409);
        assertThat(running.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
        await(() -> status("/file?id=never") == 200);
    }

    @Test
    void taskHoldsTheLockUntilItEndsThoughItsRequestHasTimedOut() throws Exception {
        CompletableFuture<HttpResponse<String>> running = send("/later/task?id=slow&timeout=500");
        await(() -> bodies.begun("slow") == 1);
        assertThat(running.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
        assertThat(get("/file?id=slow").statusCode()).isEqualTo(409);
        bodies.end("slow", "too late");
        await(() -> status("/file?id=slow") == 200);
    }

    @Test
    void taskThatNothingRunsFreesTheLock() throws Exception {
        assertThat(get("/later/unrun?id=unrun").statusCode()).isEqualTo(500);
        await(() -> status("/file?id=unrun") == 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/thrown/deferred", "/thrown/task"})
    void failureBeforeTheResultIsTheHandlersAndFreesTheLock(String path) throws Exception {
        assertThat(get(path + "?id=thrown").body()).isEqualTo("catch-all: out of paper");
        assertThat(get("/file?id=thrown").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/skip/deferred", "/skip/callable"})
    void skippedLateResultIsThereAtOnce(String path) throws Exception {
        try (Lease held = locks.acquire("file", "skipped-late")) {
            HttpResponse<String> skipped = get(path + "?id=skipped-late");
            assertThat(held.isHeld()).isTrue();
            assertThat(skipped.statusCode()).isEqualTo(200);
            assertThat(skipped.body()).isEqualTo(path.endsWith("callable") ? "taken" : "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stopped/deferred", "/stopped/task"})
    void bodyThatIsToEndWithItsLeaseDoes(String path) throws Exception {
        HttpResponse<String> stopped = get(path + "?id=stopped");
        assertThat(stopped.statusCode()).isEqualTo(500);
        assertThat(stopped.body())
                .isEqualTo("catch-all: " + (path.endsWith("task") ? "interrupted" : "A guard has stopped the body"));
        await(() -> locks.holding() == 0);
    }

    @Test
    void resultThatMvcNeverSeesFreesTheLock() throws Exception {
        assertThat(get("/unseen?id=unseen").body()).isEqualTo("unseen");
        await(() -> status("/file?id=unseen") == 200);
    }

    @Test
    void handlerWithALateResultIsForRequests() {
        assertThatThrownBy(() -> application.getBean(LateEndpoints.class).deferred("outside", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Handler LateEndpoints.deferred is called outside of a request");
        assertThat(locks.holding()).isZero();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({Endpoints.class, LaterEndpoints.class, LateEndpoints.class, Service.class, CatchAll.class})
    static class Application {

        @Bean
        SecurityFilterChain everybody(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }

        @Bean
        RouterFunction<ServerResponse> routes(Service service) {
            return RouterFunctions.route()
                    .GET("/functional", request -> ServerResponse.ok()
                            .body(service.file(request.param("id").orElseThrow())))
                    .build();
        }

        @Bean
        FilterRegistrationBean<Filter> callingFilter(Service service, Bodies bodies) {
            FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
                String path = ((HttpServletRequest) request).getRequestURI();
                bodies.arrive(path);
                if (path.equals("/filtered")) {
                    String text = service.file(request.getParameter("id"));
                    response.getWriter().write(text);
                } else {
                    chain.doFilter(request, response);
                }
            });
            // As far out as filters that authenticate are.
            registration.setOrder(-99);
            return registration;
        }
    }

    static class Service {

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        public String file(String id) {
            return "filed";
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
        public String file(@RequestParam String id) {
            return "filed";
        }

        @WithLock(name = "file", key = "#id", waitTime = "20s")
        @GetMapping("/patient")
        public String patient(@RequestParam String id) {
            return "filed";
        }

        @WithLock(
                name = "unrenewed",
                key = "#id",
                waitTime = "0s",
                leaseTime = "8s",
                maxHold = "8s",
                renew = LeaseRenewal.NEVER)
        @GetMapping("/unrenewed")
        public String unrenewed(@RequestParam String id) {
            return "filed";
        }

        @WithLock(name = "closed", key = "#id", waitTime = "0s")
        @GetMapping("/closed")
        public String closed(@RequestParam String id) {
            return "filed";
        }

        @WithLock(name = "file", key = "#id", onContention = OnContention.SKIP)
        @GetMapping("/skip")
        public String skip(@RequestParam String id) {
            return "filed";
        }

        @WithLock(name = "file", key = "#id", onContention = OnContention.SKIP, skipValue = "#id + ' is taken'")
        @GetMapping("/skip-value")
        public String skipValue(@RequestParam String id) {
            return "filed";
        }

        @WithLock(
                name = "report",
                key = "#id",
                onContention = OnContention.SINGLE_FLIGHT,
                waitTime = "20s",
                share = "20s")
        @GetMapping("/report")
        public String report(@RequestParam String id) {
            return bodies.run(id);
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/body")
        public String body(@RequestParam String id) {
            return bodies.run(id);
        }

        @GetMapping("/unlocked")
        public String unlocked(@RequestParam String id) {
            return bodies.run(id);
        }
    }

    /** Handlers of Spring MVC alone. */
    @RestController
    static class LateEndpoints {

        private final Bodies bodies;
        private final ObjectProvider<LateEndpoints> self;

        LateEndpoints(Bodies bodies, ObjectProvider<LateEndpoints> self) {
            this.bodies = bodies;
            this.self = self;
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/later/deferred")
        public DeferredResult<String> deferred(
                @RequestParam String id, @RequestParam(defaultValue = "20000") long timeout) {
            DeferredResult<String> deferred = new DeferredResult<>(timeout);
            CompletableFuture<String> unused = bodies.begin(id).whenComplete((text, failure) -> {
                if (failure == null) {
                    deferred.setResult(text);
                } else {
                    deferred.setErrorResult(failure);
                }
            });
            return deferred;
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/later/callable")
        public Callable<String> callable(@RequestParam String id) {
            Lease.assertHeld("file");
            return () -> {
                Lease.assertHeld("file");
                return bodies.run(id);
            };
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/later/task")
        public WebAsyncTask<String> task(@RequestParam String id, @RequestParam(defaultValue = "20000") long timeout) {
            return new WebAsyncTask<>(timeout, () -> {
                Lease.assertHeld("file");
                return bodies.run(id);
            });
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/later/unrun")
        public WebAsyncTask<String> unrun(@RequestParam String id) {
            AsyncTaskExecutor full = task -> {
                throw new TaskRejectedException("full");
            };
            return new WebAsyncTask<>(null, full, () -> id);
        }

        @WithLock(name = "brief", key = "#id", waitTime = "0s", leaseTime = "300ms", maxHold = "300ms")
        @GetMapping("/brief/deferred")
        public DeferredResult<String> briefDeferred(@RequestParam String id) {
            return deferred(id, 20_000);
        }

        @WithLock(name = "brief", key = "#id", waitTime = "0s", leaseTime = "300ms", maxHold = "300ms")
        @GetMapping("/brief/task")
        public WebAsyncTask<String> briefTask(@RequestParam String id) {
            return new WebAsyncTask<>(() -> bodies.run(id));
        }

        @WithLock(name = "stopped", key = "#id", leaseTime = "300ms", maxHold = "300ms", onLost = OnLost.INTERRUPT)
        @GetMapping("/stopped/deferred")
        public DeferredResult<String> stoppedDeferred(@RequestParam String id) {
            return new DeferredResult<>(20_000L);
        }

        @WithLock(name = "stopped", key = "#id", leaseTime = "300ms", maxHold = "300ms", onLost = OnLost.INTERRUPT)
        @GetMapping("/stopped/task")
        public WebAsyncTask<String> stoppedTask(@RequestParam String id) {
            return new WebAsyncTask<>(20_000L, () -> {
                try {
                    return new CompletableFuture<String>().get(20, TimeUnit.SECONDS);
                } catch (InterruptedException stopped) {
                    throw new IllegalStateException("interrupted", stopped);
                }
            });
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/thrown/deferred")
        public DeferredResult<String> thrownDeferred(@RequestParam String id) {
            throw new IllegalStateException("out of paper");
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/thrown/task")
        public WebAsyncTask<String> thrownTask(@RequestParam String id) {
            throw new IllegalStateException("out of paper");
        }

        @WithLock(name = "file", key = "#id", onContention = OnContention.SKIP)
        @GetMapping("/skip/deferred")
        public DeferredResult<String> skipDeferred(@RequestParam String id) {
            return deferred(id, 1);
        }

        @WithLock(name = "file", key = "#id", onContention = OnContention.SKIP, skipValue = "'taken'")
        @GetMapping("/skip/callable")
        public Callable<String> skipCallable(@RequestParam String id) {
            return () -> "ran";
        }

        /** Takes a late result and answers something else. */
        @GetMapping("/unseen")
        public String unseen(@RequestParam String id) {
            self.getObject().deferred(id, 20_000);
            return "unseen";
        }
    }
}
