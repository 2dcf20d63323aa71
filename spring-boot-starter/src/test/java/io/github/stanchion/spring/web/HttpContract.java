package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.stanchion.spring.metrics.DenialLog;
import io.github.stanchion.store.CounterOverflowException;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreContentionException;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import io.github.stanchion.testkit.VirtualClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What guarded applications answer over HTTP, the same on MVC and WebFlux; on real servers, on a clock that tests move. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HttpContract {

    private static final String QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();
    private ConfigurableApplicationContext application;
    private VirtualClock clock;

    abstract Class<?> application();

    abstract WebApplicationType type();

    /** Settings of the store, for an application; none for this process's memory. */
    List<String> store() {
        return List.of();
    }

    @BeforeAll
    void start() {
        application = start(List.of());
        clock = application.getBean(VirtualClock.class);
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private ConfigurableApplicationContext start(List<String> more) {
        List<String> properties = new ArrayList<>(List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "logging.level.root=WARN",
                "stanchion.rate-limits.search.limit=2/1m",
                "stanchion.rate-limits.a-second.limit=2/1s",
                "stanchion.rate-limits.a-second.algorithm=interval",
                "stanchion.rate-limits.a-minute.limit=2/1m",
                "stanchion.rate-limits.a-minute.algorithm=interval",
                "stanchion.rate-limits.an-hour.limit=2/1h",
                "stanchion.rate-limits.an-hour.algorithm=interval",
                "stanchion.rate-limits.a-day.limit=2/1d",
                "stanchion.rate-limits.a-day.algorithm=interval",
                "stanchion.rate-limits.shadow.limit=1/1h",
                "stanchion.rate-limits.shadow.mode=shadow"));
        properties.addAll(store());
        properties.addAll(more);
        return new SpringApplicationBuilder(application())
                .web(type())
                .properties(properties.toArray(String[]::new))
                .run();
    }

    @Test
    void fieldsAndRetryAfterOfATokenBucket() throws Exception {
        HttpResponse<String> first = get("/search");
        HttpResponse<String> second = get("/search");
        HttpResponse<String> third = get("/search");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).isEqualTo("found");
        assertThat(header(first, "RateLimit")).isEqualTo("\"search\";r=1;t=30");
        assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"search\";q=2;w=60");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(header(second, "RateLimit")).isEqualTo("\"search\";r=0;t=30");
        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(header(third, "RateLimit")).isEqualTo("\"search\";r=0;t=30");
        assertThat(header(third, "RateLimit-Policy")).isEqualTo("\"search\";q=2;w=60");
        assertThat(header(third, "Retry-After")).isEqualTo("30");

        clock.advance(Duration.ofSeconds(30));
        HttpResponse<String> later = get("/search");
        assertThat(later.statusCode()).isEqualTo(200);
        assertThat(header(later, "Retry-After")).isNull();
    }

    /** A remote store decides such calls on a thread of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"/future", "/mono", "/flux", "/events"})
    void resultsThatComeLaterCarryFieldsAndRetryAfterToo(String path) throws Exception {
        String name = path.substring(1);
        HttpResponse<String> admitted = get(path);
        HttpResponse<String> refused = get(path);
        assertThat(admitted.statusCode()).isEqualTo(200);
        assertThat(admitted.body()).contains("o").contains("k");
        assertThat(header(admitted, "RateLimit")).isEqualTo("\"" + name + "\";r=0;t=30");
        assertThat(header(admitted, "RateLimit-Policy")).isEqualTo("\"" + name + "\";q=1;w=30");
        assertThat(header(admitted, "Retry-After")).isNull();
        assertProblem(refused, path, name);
        assertThat(header(refused, "RateLimit")).isEqualTo("\"" + name + "\";r=0;t=30");
        assertThat(header(refused, "RateLimit-Policy")).isEqualTo("\"" + name + "\";q=1;w=30");
        assertThat(header(refused, "Retry-After")).isEqualTo("30");
    }

    @ParameterizedTest
    @CsvSource({
        "a-second, 1000000, 1",
        "a-minute, 60000000, 36",
        "an-hour, 3600000000, 2160",
        "a-day, 86400000000, 51840"
    })
    void retryAfterIsNeitherTooEarlyNorMoreThanASecondLate(String name, long micros, String retryAfter)
            throws Exception {
        assertThat(get("/interval/" + name).statusCode()).isEqualTo(200);
        assertThat(get("/interval/" + name).statusCode()).isEqualTo(200);
        clock.advanceMicros(micros * 2 / 5);
        HttpResponse<String> refused = get("/interval/" + name);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(header(refused, "Retry-After")).isEqualTo(retryAfter);
        clock.advanceMicros(micros * 3 / 5 - 1);
        assertThat(get("/interval/" + name).statusCode()).isEqualTo(429);
        clock.advanceMicros(1);
        assertThat(get("/interval/" + name).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/html", "application/xml", "image/png", "application/json"})
    void refusalIsAProblemWhateverTheClientAccepts(String accept) throws Exception {
        get("/exhausted");
        assertProblem(get("/exhausted", "Accept", accept), "/exhausted", "exhausted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/exhausted", "/functional", "/filtered", "/later"})
    void refusalIsTheSameProblemWhereverItHappens(String path) throws Exception {
        get(path);
        HttpResponse<String> refused = get(path);
        assertProblem(refused, path, path.substring(1));
        assertThat(header(refused, "RateLimit")).matches("\"[a-z]+\";r=0;t=" + header(refused, "Retry-After"));
    }

    private void assertProblem(HttpResponse<String> refused, String path, String policy) {
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(header(refused, "Retry-After")).isNotNull();
        JsonNode problem = json.readTree(refused.body());
        assertThat(problem.path("type").asString()).isEqualTo(QUOTA_EXCEEDED);
        assertThat(problem.path("title").asString()).isEqualTo("Quota exceeded");
        assertThat(problem.path("status").asInt()).isEqualTo(429);
        assertThat(problem.path("detail").asString()).startsWith("Call rejected by rate limit '" + policy + "'");
        assertThat(problem.path("instance").asString()).isEqualTo(path);
        assertThat(problem.path("violated-policies"))
                .singleElement()
                .extracting(JsonNode::asString)
                .isEqualTo(policy);
        assertThat(problem.path("added").asString()).isEqualTo("by the application");
    }

    @Test
    void eachRefusedRequestIsOneLineInTheLogAndOneAMinuteIsAWarning() throws Exception {
        clock.advance(Duration.ofMinutes(2));
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(DenialLog.class);
        Level before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(lines);
        lines.start();
        try {
            for (int i = 0; i < 5; i++) {
                get("/search");
            }
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(before);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getLevel)
                .containsExactlyInAnyOrder(Level.DEBUG, Level.DEBUG, Level.DEBUG, Level.WARN);
    }

    @Test
    void callThatIsNeverAdmittedHasNoRetryAfter() throws Exception {
        HttpResponse<String> refused = get("/bulk?size=3");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(header(refused, "Retry-After")).isNull();
        assertThat(json.readTree(refused.body()).path("detail").asString())
                .contains("3")
                .contains("2");
        assertThat(get("/bulk?size=2").statusCode()).isEqualTo(200);
    }

    @Test
    void storeOutageIsUnavailable() throws Exception {
        for (String path : List.of("/down", "/filtered-down")) {
            HttpResponse<String> refused = get(path);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(header(refused, "Retry-After")).isEqualTo("1");
            assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
            assertThat(json.readTree(refused.body()).path("type").asString()).endsWith("#temporary-reduced-capacity");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unreachable", "timeout", "contention", "full", "closed"})
    void storeThatHandlersUseThemselvesIsUnavailableToo(String trouble) throws Exception {
        for (String path : List.of("/store/", FILTERED_STORE)) {
            HttpResponse<String> failed = get(path + trouble);
            assertThat(failed.statusCode()).isEqualTo(503);
            assertThat(header(failed, "Retry-After")).isEqualTo("1");
            assertThat(header(failed, "Content-Type")).isEqualTo("application/problem+json");
            assertThat(json.readTree(failed.body()).path("type").asString()).endsWith("#temporary-reduced-capacity");
            assertThat(failed.body()).doesNotContain("visits");
        }
    }

    @Test
    void whatAStoreHoldsIsTheApplicationsOwn() throws Exception {
        assertThat(get("/store/overflow").statusCode()).isEqualTo(500);
        assertThat(get("/store/overflow").body()).isEqualTo("catch-all");
    }

    static final String FILTERED_STORE = "/filtered-store/";

    /** What applications meet that use a store without a guard. */
    static RuntimeException storeTrouble(String which) {
        StoreException trouble =
                switch (which) {
                    case "unreachable" -> new StoreUnreachableException("refused");
                    case "timeout" -> new StoreTimeoutException("no reply");
                    case "contention" -> new StoreContentionException("too many");
                    case "full" -> new StoreFullException("full");
                    case "closed" -> new StoreClosedException("closed");
                    default -> new CounterOverflowException("too much");
                };
        return trouble.at(KeySpace.of("stanchion", "counter", "visits").key("alice"));
    }

    @Test
    void otherFailuresAreTheApplicationsOwn() throws Exception {
        HttpResponse<String> failed = get("/broken");
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).isEqualTo("catch-all");
    }

    @Test
    void twoLimitsAreTwoItemsOfWhichARefusalShowsTheViolated() throws Exception {
        HttpResponse<String> both = get("/two-limits?size=1");
        assertThat(both.statusCode()).isEqualTo(200);
        assertThat(header(both, "RateLimit")).isEqualTo("\"calls\";r=1;t=1800, \"permits\";r=3;t=900");
        assertThat(header(both, "RateLimit-Policy")).isEqualTo("\"calls\";q=2;w=3600, \"permits\";q=4;w=3600");
        assertThat(get("/two-limits?size=2").statusCode()).isEqualTo(200);

        HttpResponse<String> two = get("/two-limits?size=2");
        assertThat(two.statusCode()).isEqualTo(429);
        assertThat(json.readTree(two.body()).path("violated-policies"))
                .extracting(JsonNode::asString)
                .containsExactly("calls", "permits");
        assertThat(header(two, "RateLimit")).isEqualTo("\"calls\";r=0;t=1800, \"permits\";r=1;t=900");
        assertThat(header(two, "Retry-After")).isEqualTo("1800");

        HttpResponse<String> one = get("/two-limits?size=1");
        assertProblem(one, "/two-limits", "calls");
        assertThat(header(one, "RateLimit")).isEqualTo("\"calls\";r=0;t=1800");
        assertThat(header(one, "RateLimit-Policy")).isEqualTo("\"calls\";q=2;w=3600");
        assertThat(header(one, "Retry-After")).isEqualTo("1800");
    }

    @Test
    void redirectsAndShadowsTellNothing() throws Exception {
        HttpResponse<String> redirect = get("/redirect");
        assertThat(redirect.statusCode()).isEqualTo(302);
        assertThat(header(redirect, "RateLimit")).isNull();
        assertThat(header(redirect, "RateLimit-Policy")).isNull();
        HttpResponse<String> shadow = get("/shadow");
        assertThat(get("/shadow").statusCode()).isEqualTo(200);
        assertThat(header(shadow, "RateLimit")).isNull();
    }

    @Test
    void refusalAfterTheResponseIsCommittedIsNotMixedIntoIt() {
        // A container may add an error page of its own, or cut the connection before what was sent is read.
        assertThat(bodyOf("/committed")).doesNotContain("rejected");
        assertThat(bodyOf("/committed")).doesNotContain("rejected");
    }

    private String bodyOf(String path) {
        try {
            HttpResponse<InputStream> response =
                    client.send(HttpRequest.newBuilder(uri(application, path)).build(), BodyHandlers.ofInputStream());
            StringBuilder body = new StringBuilder();
            try (InputStream in = response.body()) {
                for (int octet = in.read(); octet >= 0; octet = in.read()) {
                    body.append((char) octet);
                }
            } catch (IOException cutOff) {
                assertThat(cutOff).isNotNull();
            }
            return body.toString();
        } catch (IOException | InterruptedException trouble) {
            throw new AssertionError(trouble);
        }
    }

    @Test
    void eachPrincipalIsASubject() throws Exception {
        assertThat(get("/me", "Authorization", basic("alice")).statusCode()).isEqualTo(200);
        assertThat(get("/me", "Authorization", basic("alice")).statusCode()).isEqualTo(429);
        assertThat(get("/me", "Authorization", basic("bob")).statusCode()).isEqualTo(200);
        assertThat(get("/me").statusCode()).as("anonymous").isEqualTo(200);
        assertThat(get("/me").statusCode()).as("anonymous").isEqualTo(429);
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void forgedHeadersDoNotMakeNewSubjects() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int admitted = 0;
        for (int i = 0; i < 1_000; i++) {
            String forged = random.nextInt(256) + "." + random.nextInt(256) + ".0." + random.nextInt(256);
            String name = List.of("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP")
                    .get(i % 4);
            HttpResponse<String> response = get("/by-ip", name, i % 4 == 1 ? "for=" + forged : forged);
            admitted += response.statusCode() == 200 ? 1 : 0;
        }
        assertThat(admitted).as("seed %d", seed).isEqualTo(10);
    }

    @Test
    void trustedProxyNamesTheRightMostUntrustedHop() throws Exception {
        try (ConfigurableApplicationContext trusting = start(List.of(
                "stanchion.web.client-ip.trusted-proxies=127.0.0.0/8,10.0.0.0/8",
                "stanchion.web.rate-limit-headers.format=x-ratelimit",
                "stanchion.web.rate-limit-headers.on=low"))) {
            Random random = new Random(1);
            int admitted = 0;
            for (int i = 0; i < 100; i++) {
                String forged = random.nextInt(256) + ".9.9." + random.nextInt(256);
                HttpResponse<String> response =
                        get(trusting, "/by-ip", "X-Forwarded-For", forged + ", 203.0.113.7, 10.1.2.3");
                admitted += response.statusCode() == 200 ? 1 : 0;
                assertThat(header(response, "X-RateLimit-Remaining")).isEqualTo(i < 8 ? null : i == 8 ? "1" : "0");
                assertThat(header(response, "RateLimit")).isNull();
            }
            assertThat(admitted).isEqualTo(10);
            assertThat(get(trusting, "/by-ip", "X-Forwarded-For", "203.0.113.8").statusCode())
                    .isEqualTo(200);
            assertThat(get(trusting, "/by-ip").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void everySettingOfAddressesAndFieldsCounts() throws Exception {
        try (ConfigurableApplicationContext set = start(List.of(
                "stanchion.web.client-ip.trusted-proxies=127.0.0.1",
                "stanchion.web.client-ip.header=forwarded",
                "stanchion.web.client-ip.ipv6-prefix=48",
                "stanchion.web.rate-limit-headers.on=rejected",
                "stanchion.web.rate-limit-headers.partition-key=true"))) {
            HttpResponse<String> admitted = get(set, "/exhausted", "Forwarded", "for=\"[2001:db8:1:1::1]\"");
            HttpResponse<String> refused = get(set, "/exhausted", "Forwarded", "for=\"[2001:db8:1:2::1]\"");
            HttpResponse<String> other = get(set, "/exhausted", "Forwarded", "for=\"[2001:db8:2:2::1]\"");
            assertThat(admitted.statusCode()).isEqualTo(200);
            assertThat(header(admitted, "RateLimit")).isNull();
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "RateLimit")).matches("\"exhausted\";r=0;t=8640000;pk=:[A-Za-z0-9+/]{12}:");
            assertThat(other.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void problemDetailsCanBeLeftToTheApplication() throws Exception {
        try (ConfigurableApplicationContext own =
                start(List.of("stanchion.web.problem-details=false", "stanchion.web.rate-limit-headers.format=none"))) {
            get(own, "/search");
            get(own, "/search");
            HttpResponse<String> refused = get(own, "/search");
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(refused.body()).isEqualTo("catch-all");
            assertThat(header(refused, "RateLimit")).isNull();
        }
    }

    @Test
    void problemTypesCanBeTheApplications() throws Exception {
        try (ConfigurableApplicationContext own =
                start(List.of("stanchion.web.problem-type-base=https://example.org/problems/"))) {
            get(own, "/exhausted");
            assertThat(json.readTree(get(own, "/exhausted").body()).path("type").asString())
                    .isEqualTo("https://example.org/problems/quota-exceeded");
        }
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return get(application, path, headers);
    }

    private HttpResponse<String> get(ConfigurableApplicationContext server, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(server, path)).timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static URI uri(ConfigurableApplicationContext server, String path) {
        return URI.create(
                "http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port") + path);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }
}
