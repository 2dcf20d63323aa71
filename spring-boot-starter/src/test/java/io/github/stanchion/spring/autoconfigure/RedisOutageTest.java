package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.redis.OwnRedis;
import io.github.stanchion.spring.actuate.StanchionHealthIndicator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What callers of a web application see while its Redis is away, and once it is back; over HTTP, on a server that is killed. */
class RedisOutageTest {

    private static final List<String> PATHS = List.of("/local", "/open", "/closed", "/throwing");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final OwnRedis redis = OwnRedis.start("--maxmemory", "64mb", "--maxmemory-policy", "volatile-lru");
    private ConfigurableApplicationContext application;

    @AfterEach
    void stop() {
        if (application != null) {
            application.close();
        }
        redis.close();
    }

    @Test
    void policiesSayWhatCallersGetWhileTheServerIsAwayAndAllIsSharedOnceItIsBack() throws Exception {
        start();
        for (String path : PATHS) {
            assertThat(statuses(path, 3)).as(path).containsExactly(200, 200, 429);
        }
        assertThat(health().getStatus()).isEqualTo(Status.UP);

        redis.kill();

        assertThat(statuses("/local", 3)).containsExactly(200, 200, 429);
        assertThat(statuses("/open", 5)).containsOnly(200);
        assertThat(statuses("/closed", 5)).containsOnly(503);
        assertThat(statuses("/throwing", 5)).containsOnly(503);
        assertThat(get("/closed").headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(health().getStatus()).isEqualTo(StanchionHealthIndicator.DEGRADED);

        redis.restart();

        for (String path : PATHS) {
            await("a decision of the server on " + path, () -> status(path) > 0 && isDecided(path));
        }
        for (String path : PATHS) {
            assertThat(statuses(path, 2)).as(path).containsAnyOf(200, 429).endsWith(429);
        }
        // A policy is degraded until its store has answered one call, and failed none, after a while.
        await("health to be UP", () -> {
            PATHS.forEach(this::status);
            return health().getStatus().equals(Status.UP);
        });
    }

    @Test
    void fallbackAnswersForAClosedPolicyAndNotForOneThatThrows() throws Exception {
        start();
        for (String path : List.of("/closed-or-else", "/throwing-or-else")) {
            assertThat(statuses(path, 2)).as(path).containsOnly(200);
            assertThat(get(path).body()).as(path).isEqualTo("else");
        }

        redis.kill();

        for (int i = 0; i < 5; i++) {
            HttpResponse<String> closed = get("/closed-or-else");
            assertThat(closed.statusCode()).isEqualTo(200);
            assertThat(closed.body()).isEqualTo("else");
            HttpResponse<String> throwing = get("/throwing-or-else");
            assertThat(throwing.statusCode()).isEqualTo(503);
            assertThat(throwing.body()).isNotEqualTo("else");
        }
    }

    @Test
    void serverThatIsAbsentAtTheStartIsUsedOnceItComes() throws Exception {
        redis.kill();
        try (Logs logs = new Logs()) {
            start();

            assertThat(logs.lines()).anyMatch(line -> line.startsWith("WARNING: Redis cannot be reached"));
            assertThat(statuses("/local", 3)).containsExactly(200, 200, 429);
            assertThat(health().getStatus()).isEqualTo(StanchionHealthIndicator.DEGRADED);
            assertThat(get("/actuator/health").statusCode()).isEqualTo(200);

            redis.restart();

            await("a decision of the server", () -> status("/local") > 0 && isDecided("/local"));
            await(
                    "health to be UP",
                    () -> status("/local") > 0 && health().getStatus().equals(Status.UP));
            await("the checks", () -> logs.lines().stream()
                    .anyMatch(line -> line.contains("(maxmemory-policy volatile-lru)")));
        }
    }

    @Test
    void healthWaitsForAFrozenServerNoLongerThanACommandMay() {
        start("stanchion.redis.command-timeout=300ms");
        redis.stop();

        Health health = health();

        redis.cont();
        assertThat(health.getStatus()).isEqualTo(StanchionHealthIndicator.DEGRADED);
        assertThat(store(health).get("reachable")).isEqualTo(false);
        assertThat(store(health).toString()).contains("within 300 ms");
        await("health to be UP", () -> health().getStatus().equals(Status.UP));
    }

    @Test
    void healthTellsOfTheServer() {
        start();

        Map<?, ?> store = store(health());

        assertThat(store.get("type")).isEqualTo("redis");
        assertThat(store.get("reachable")).isEqualTo(true);
        assertThat(store.get("topology")).isEqualTo("standalone");
        assertThat(store.get("openBreakers")).isEqualTo(0);
        assertThat(store.get("retains")).isEqualTo(true);
        Map<?, ?> server = (Map<?, ?>) ((List<?>) store.get("servers")).get(0);
        assertThat(server.get("address")).isEqualTo("127.0.0.1:" + redis.port());
        assertThat(server.get("role")).isEqualTo("master");
        assertThat(server.get("evictionPolicy")).isEqualTo("volatile-lru");
        assertThat(String.valueOf(server.get("version"))).matches("(redis|valkey) \\d+\\..*");
        assertThat((Long) server.get("clockAheadMillis")).isBetween(-1_000L, 1_000L);
    }

    private void start(String... more) {
        application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .properties(
                        "server.port=0",
                        "spring.main.banner-mode=off",
                        "logging.level.root=WARN",
                        "spring.data.redis.port=" + redis.port(),
                        "spring.data.redis.host=127.0.0.1",
                        "management.health.redis.enabled=false",
                        "stanchion.redis.command-timeout=20s",
                        // What is remembered of refusals would answer for the store.
                        "stanchion.defaults.rate-limit.denial-cache=off",
                        "stanchion.rate-limits.local.limit=2/1h",
                        "stanchion.rate-limits.open.limit=2/1h",
                        "stanchion.rate-limits.open.on-store-failure=open",
                        "stanchion.rate-limits.closed.limit=2/1h",
                        "stanchion.rate-limits.closed.on-store-failure=closed",
                        "stanchion.rate-limits.throwing.limit=2/1h",
                        "stanchion.rate-limits.throwing.on-store-failure=throw")
                .properties(more)
                .run();
    }

    private Health health() {
        return application.getBean(StanchionHealthIndicator.class).health();
    }

    private static Map<?, ?> store(Health health) {
        return (Map<?, ?>) health.getDetails().get("store");
    }

    private boolean isDecided(String path) {
        return String.valueOf(redis.command("KEYS", "*")).contains(":" + path.substring(1) + ":");
    }

    private List<Integer> statuses(String path, int calls) {
        return IntStream.range(0, calls).mapToObj(i -> status(path)).toList();
    }

    private int status(String path) {
        return get(path).statusCode();
    }

    private HttpResponse<String> get(String path) {
        int port = ((WebServerApplicationContext) application).getWebServer().getPort();
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(PATIENCE)
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError("No answer to " + path, failed);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Endpoints.class)
    static class Application {

        @Bean
        SecurityFilterChain everybody(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    @RestController
    static class Endpoints {

        @GetMapping("/local")
        @RateLimited("local")
        String local() {
            return "";
        }

        @GetMapping("/open")
        @RateLimited("open")
        String open() {
            return "";
        }

        @GetMapping("/closed")
        @RateLimited("closed")
        String closed() {
            return "";
        }

        @GetMapping("/throwing")
        @RateLimited("throwing")
        String throwing() {
            return "";
        }

        @GetMapping("/closed-or-else")
        @RateLimited(name = "closed", fallback = "orElse")
        String closedOrElse() {
            return "";
        }

        @GetMapping("/throwing-or-else")
        @RateLimited(name = "throwing", fallback = "orElse")
        String throwingOrElse() {
            return "";
        }

        String orElse() {
            return "else";
        }
    }
}
