package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.Locks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What applications with locked handlers answer over HTTP, the same on MVC and WebFlux; on real servers.
 *
 * <p>Handlers end when the test says so, see {@link Bodies}. Each test locks names of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class LockHttpContract {

    private static final int TOGETHER = 50;

    final Bodies bodies = new Bodies();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JsonMapper json = JsonMapper.builder().build();
    ConfigurableApplicationContext application;
    Locks locks;
    private LockHttpStore store;

    abstract Class<?> application();

    abstract WebApplicationType type();

    /** A store of the test's own. */
    LockHttpStore open() {
        return LockHttpStore.memory();
    }

    /** Handlers whose result comes after they have returned. */
    Stream<String> later() {
        return Stream.of("/later/future", "/later/mono", "/later/flux");
    }

    /** Of those, some whose lease is over after 300 ms. */
    Stream<String> brief() {
        return Stream.of("/brief/future", "/brief/mono");
    }

    @BeforeAll
    void start() {
        store = open();
        List<String> properties = new ArrayList<>(List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "logging.level.root=ERROR",
                "stanchion.locks.closed.on-store-failure=closed"));
        properties.addAll(store.properties());
        application = new SpringApplicationBuilder(application())
                .web(type())
                .properties(properties.toArray(String[]::new))
                .initializers(context -> {
                    context.getBeanFactory().registerSingleton("bodies", bodies);
                    store.into(context.getBeanFactory());
                })
                .run();
        locks = application.getBean(Locks.class);
    }

    @AfterAll
    void stop() {
        application.close();
        store.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/html", "image/png"})
    void heldLockIsAConflictWhateverTheClientAccepts(String accept) throws Exception {
        assertConflict("/file", accept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/functional", "/filtered"})
    void conflictIsTheSameWhereverItHappens(String path) throws Exception {
        assertConflict(path, "*/*");
    }

    private void assertConflict(String path, String accept) throws Exception {
        String whole = path + "?id=confidential";
        try (Lease held = locks.acquire("file", "confidential")) {
            HttpResponse<String> refused = get(whole, "Accept", accept);
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
            assertThat(header(refused, "Retry-After")).isEqualTo("1");
            JsonNode problem = json.readTree(refused.body());
            assertThat(problem.propertyNames()).containsOnly("title", "status", "detail", "instance");
            assertThat(problem.path("title").asString()).isEqualTo("Lock not acquired");
            assertThat(problem.path("status").asInt()).isEqualTo(409);
            assertThat(problem.path("detail").asString())
                    .matches("Call rejected by lock 'file' after \\d+ ms: .*")
                    .doesNotContain("confidential", Long.toString(held.fencingToken()), "io.github");
            assertThat(problem.path("instance").asString()).isEqualTo(path);
        }
        HttpResponse<String> admitted = get(whole, "Accept", accept);
        assertThat(admitted.statusCode()).isEqualTo(200);
        assertThat(admitted.body()).isEqualTo("filed");
    }

    @Test
    void leaseThatIsNotRenewedTellsWhenItIsOver() throws Exception {
        try (Lease held = locks.acquire("unrenewed", "b")) {
            assertThat(held.isHeld()).isTrue();
            String seconds = header(get("/unrenewed?id=b"), "Retry-After");
            assertThat(Long.parseLong(seconds)).isBetween(1L, 8L);
        }
    }

    @Test
    void requestThatMayWaitRunsOnceTheLockIsFree() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting;
        try (Lease held = locks.acquire("file", "patient")) {
            waiting = send("/patient?id=patient");
            await(() -> locks.waiting() == 1);
            assertThat(held.isHeld()).isTrue();
            assertThat(waiting).isNotDone();
        }
        HttpResponse<String> response = waiting.get(20, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("filed");
    }

    @Test
    void skippedRequestDoesNotRun() throws Exception {
        try (Lease held = locks.acquire("file", "skipped")) {
            HttpResponse<String> empty = get("/skip?id=skipped");
            HttpResponse<String> valued = get("/skip-value?id=skipped");
            assertThat(held.isHeld()).isTrue();
            assertThat(empty.statusCode()).isEqualTo(200);
            assertThat(empty.body()).isEmpty();
            assertThat(valued.statusCode()).isEqualTo(200);
            assertThat(valued.body()).isEqualTo("skipped is taken");
        }
        assertThat(get("/skip?id=skipped").body()).isEqualTo("filed");
        assertThat(get("/skip-value?id=skipped").body()).isEqualTo("filed");
    }

    @Test
    void fiftyRequestsTogetherComputeOnce() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++) {
            all.add(send("/report?id=may"));
        }
        await(() -> bodies.arrived("/report") == TOGETHER);
        bodies.end("may", "computed");
        for (CompletableFuture<HttpResponse<String>> each : all) {
            HttpResponse<String> response = each.get(20, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("computed");
        }
        assertThat(bodies.begun("may")).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("later")
    void lockIsHeldUntilTheResultIsThere(String path) throws Exception {
        String id = "until" + path.replace('/', '-');
        CompletableFuture<HttpResponse<String>> running = send(path + "?id=" + id);
        await(() -> bodies.begun(id) == 1);
        assertThat(get("/file?id=" + id).statusCode()).isEqualTo(409);
        assertThat(get(path + "?id=" + id).statusCode()).isEqualTo(409);
        assertThat(running).isNotDone();

        bodies.end(id, "done");
        HttpResponse<String> response = running.get(20, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("done");
        assertThat(get("/file?id=" + id).statusCode()).isEqualTo(200);
        assertThat(bodies.begun(id)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("later")
    void lateFailureIsTheHandlersAndFreesTheLock(String path) throws Exception {
        String id = "late" + path.replace('/', '-');
        CompletableFuture<HttpResponse<String>> running = send(path + "?id=" + id);
        await(() -> bodies.begun(id) == 1);
        assertThat(get("/file?id=" + id).statusCode()).isEqualTo(409);

        bodies.fail(id, new IllegalStateException("out of paper"));
        assertOwnFailure(running.get(20, TimeUnit.SECONDS));
        assertThat(get("/file?id=" + id).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("brief")
    void resultOfALockThatWasLostMeanwhileIsDropped(String path) throws Exception {
        String id = "lost" + path.replace('/', '-');
        CompletableFuture<HttpResponse<String>> running = send(path + "?id=" + id);
        await(() -> bodies.begun(id) == 1);
        await(() -> locks.held().stream().noneMatch(Lease::isHeld));

        bodies.end(id, "done");
        HttpResponse<String> response = running.get(20, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(json.readTree(response.body()).path("title").asString()).isEqualTo("Lease lost");
        await(() -> status(path + "?id=" + id) == 200);
    }

    @Test
    void failureOfTheHandlerIsAnsweredAsWithoutALock() throws Exception {
        bodies.fail("locked", new IllegalStateException("out of paper"));
        bodies.fail("unlocked", new IllegalStateException("out of paper"));
        assertOwnFailure(get("/unlocked?id=unlocked"));
        assertOwnFailure(get("/body?id=locked"));
        assertThat(get("/file?id=locked").statusCode()).isEqualTo(200);
    }

    private static void assertOwnFailure(HttpResponse<String> failed) {
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).isEqualTo("catch-all: out of paper");
        assertThat(header(failed, "Retry-After")).isNull();
    }

    @Test
    void storeThatGoesAwayRefusesWhatComesAndChangesNoAnswerOfWhatRuns() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> running = List.of(
                send("/body?id=away-1"),
                send("/body?id=away-2"),
                send("/later/future?id=away-3"),
                send("/later/future?id=away-4"));
        await(() ->
                bodies.begun("away-1") + bodies.begun("away-2") + bodies.begun("away-3") + bodies.begun("away-4") == 4);
        store.goAway();
        try {
            bodies.end("away-1", "done");
            bodies.fail("away-2", new IllegalStateException("out of paper"));
            bodies.end("away-3", "done");
            bodies.fail("away-4", new IllegalStateException("out of paper"));
            assertThat(running.get(0).get(20, TimeUnit.SECONDS).body()).isEqualTo("done");
            assertOwnFailure(running.get(1).get(20, TimeUnit.SECONDS));
            assertThat(running.get(2).get(20, TimeUnit.SECONDS).body()).isEqualTo("done");
            assertOwnFailure(running.get(3).get(20, TimeUnit.SECONDS));

            HttpResponse<String> refused = get("/file?id=away-5");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
            assertThat(header(refused, "Retry-After")).isEqualTo("1");
            assertThat(json.readTree(refused.body()).path("type").asString()).endsWith("#temporary-reduced-capacity");
            HttpResponse<String> closed = get("/closed?id=away-6");
            assertThat(closed.statusCode()).isEqualTo(409);
            assertThat(header(closed, "Retry-After")).isEqualTo("1");
        } finally {
            store.comeBack();
        }
        await(() -> status("/file?id=away-5") == 200);
    }

    final HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    final CompletableFuture<HttpResponse<String>> send(String path) {
        return client.sendAsync(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    final int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError("No answer to " + path, failed);
        }
    }

    private URI uri(String path) {
        return URI.create(
                "http://127.0.0.1:" + application.getEnvironment().getRequiredProperty("local.server.port") + path);
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("awaited in time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Handlers that both stacks have. */
    @RestController
    static class LaterEndpoints {

        private final Bodies bodies;

        LaterEndpoints(Bodies bodies) {
            this.bodies = bodies;
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/later/future")
        public CompletableFuture<String> future(@RequestParam String id) {
            return bodies.begin(id);
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/later/mono")
        public Mono<String> mono(@RequestParam String id) {
            return Mono.fromFuture(bodies.begin(id));
        }

        @WithLock(name = "file", key = "#id", waitTime = "0s")
        @GetMapping("/later/flux")
        public Flux<String> flux(@RequestParam String id) {
            return Mono.fromFuture(bodies.begin(id)).flatMapMany(text -> Flux.fromArray(text.split("")));
        }

        @WithLock(name = "brief", key = "#id", waitTime = "0s", leaseTime = "300ms", maxHold = "300ms")
        @GetMapping("/brief/future")
        public CompletableFuture<String> briefFuture(@RequestParam String id) {
            return bodies.begin(id);
        }

        @WithLock(name = "brief", key = "#id", waitTime = "0s", leaseTime = "300ms", maxHold = "300ms")
        @GetMapping("/brief/mono")
        public Mono<String> briefMono(@RequestParam String id) {
            return Mono.fromFuture(bodies.begin(id));
        }
    }

    @RestControllerAdvice
    static class CatchAll {

        @ExceptionHandler
        ResponseEntity<String> anything(Exception any) {
            return ResponseEntity.internalServerError().body("catch-all: " + any.getMessage());
        }
    }
}
