package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jayway.jsonpath.JsonPath;
import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.spring.WithoutSecurity;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.testkit.VirtualClock;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** The endpoint over HTTP, the same on both kinds of server. */
class StanchionEndpointTest {

    private static final Queue<AuditEvent> AUDITED = new ConcurrentLinkedQueue<>();

    private static final String JSON = "application/json";

    @ParameterizedTest
    @EnumSource(value = WebApplicationType.class, names = "NONE", mode = Mode.EXCLUDE)
    void isReadOnlyByDefault(WebApplicationType type) {
        try (ConfigurableApplicationContext readOnly = application(type, Map.of())) {
            assertThat(Contract.send(
                                    readOnly,
                                    Contract.request(readOnly, "/rate-limits/search")
                                            .build())
                            .status)
                    .isEqualTo(200);
            HttpRequest reset = Contract.request(readOnly, "/rate-limits/search")
                    .header("Content-Type", JSON)
                    .POST(BodyPublishers.ofString("{\"action\":\"reset\",\"key\":\"alice\"}"))
                    .build();
            assertThat(Contract.send(readOnly, reset).status).isEqualTo(405);
            Answer overview =
                    Contract.send(readOnly, Contract.request(readOnly, "").build());
            assertThat(overview.<Boolean>at("$.writable")).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(value = WebApplicationType.class, names = "NONE", mode = Mode.EXCLUDE)
    void isAbsentUnlessExposed(WebApplicationType type) {
        try (ConfigurableApplicationContext hidden =
                application(type, Map.of(), "management.endpoints.web.exposure.include=health")) {
            assertThat(Contract.send(hidden, Contract.request(hidden, "").build()).status)
                    .isEqualTo(404);
            assertThat(hidden.containsBean("stanchionEndpoint")).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(value = WebApplicationType.class, names = "NONE", mode = Mode.EXCLUDE)
    void parametersInTheAddressAreRefusedOnAPortOfItsOwnToo(WebApplicationType type) {
        try (ConfigurableApplicationContext apart = application(
                type, Map.of(), "management.endpoint.stanchion.access=unrestricted", "management.server.port=0")) {
            RateLimiters limiters = apart.getBean(RateLimiters.class);
            limiters.tryAcquire("search", "alice");
            HttpRequest foreign = Contract.request(apart, "/rate-limits/search?action=reset&key=alice")
                    .POST(BodyPublishers.noBody())
                    .build();
            HttpRequest own = Contract.request(apart, "/rate-limits/search")
                    .header("Content-Type", JSON)
                    .POST(BodyPublishers.ofString("{\"action\":\"reset\",\"key\":\"alice\"}"))
                    .build();

            assertThat(Contract.send(apart, foreign).status).isIn(400, 415);
            assertThat(limiters.peek("search", "alice").remaining()).isEqualTo(99);
            assertThat(Contract.send(apart, own).status).isEqualTo(200);
            assertThat(limiters.peek("search", "alice").remaining()).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @EnumSource(value = WebApplicationType.class, names = "NONE", mode = Mode.EXCLUDE)
    void keysAreShownOnlyToWhomThePropertySays(WebApplicationType type) {
        for (String shown : List.of("always", "when-authorized")) {
            try (ConfigurableApplicationContext application =
                    application(type, Map.of(), "management.endpoint.stanchion.show-values=" + shown)) {
                RateLimiters limiters = application.getBean(RateLimiters.class);
                limiters.acquire("search", List.of("alice", 7), 100);
                limiters.tryAcquire("search", List.of("alice", 7));
                for (String path : List.of("/rate-limits/search", "/events")) {
                    String body = Contract.send(
                                    application,
                                    Contract.request(application, path).build())
                            .body;
                    if (shown.equals("always")) {
                        assertThat(body).contains("\"key\":[\"alice\",\"7\"]");
                    } else {
                        assertThat(body).contains("\"handle\"").doesNotContain("alice");
                    }
                }
            }
        }
    }

    @Test
    void memoryThatFillsUpIsAnEvent() {
        try (ConfigurableApplicationContext application =
                application(WebApplicationType.SERVLET, Map.of(), "stanchion.memory.max-keys=5")) {
            RateLimiters limiters = application.getBean(RateLimiters.class);
            for (int i = 0; i < 6; i++) {
                limiters.tryAcquire("search", "key-" + i);
            }
            Answer events = Contract.send(
                    application,
                    Contract.request(application, "/events?kind=store").build());
            assertThat(events.<List<String>>at("$.events[*].type")).containsExactly("overflowing", "crowded");
        }
    }

    @Test
    void operatorsAreKnownByNameAndTheirRolesLetThemSeeKeys() {
        try (ConfigurableApplicationContext application = application(
                WebApplicationType.SERVLET,
                Map.of(),
                "spring.main.sources=" + SignedIn.class.getName(),
                "management.endpoint.stanchion.access=unrestricted",
                "management.endpoint.stanchion.show-values=when-authorized",
                "management.endpoint.stanchion.roles=support")) {
            RateLimiters limiters = application.getBean(RateLimiters.class);
            limiters.acquire("search", "alice", 100);
            limiters.tryAcquire("search", "alice");
            for (String role : List.of("support", "visitor")) {
                HttpRequest asking = Contract.request(application, "/rate-limits/search")
                        .header("Role", role)
                        .build();
                assertThat(Contract.send(application, asking).body.contains("alice"))
                        .isEqualTo(role.equals("support"));
            }
            AUDITED.clear();
            HttpRequest reset = Contract.request(application, "/rate-limits/search")
                    .header("Role", "support")
                    .header("Content-Type", JSON)
                    .POST(BodyPublishers.ofString("{\"action\":\"reset\",\"key\":\"alice\"}"))
                    .build();
            assertThat(Contract.send(application, reset).status).isEqualTo(200);
            assertThat(AUDITED).singleElement().satisfies(event -> {
                assertThat(event.getPrincipal()).isEqualTo("operator");
                assertThat(event.getData()).containsEntry("operator", "operator");
            });
        }
    }

    @Test
    void bufferMayBeSmallerOrNoneAndMustBeOne() {
        for (int size : new int[] {3, 0}) {
            try (ConfigurableApplicationContext application =
                    application(WebApplicationType.SERVLET, Map.of(), "stanchion.events.buffer=" + size)) {
                RateLimiters limiters = application.getBean(RateLimiters.class);
                limiters.acquire("search", "alice", 100);
                for (int i = 0; i < 5; i++) {
                    limiters.tryAcquire("search", "alice");
                }
                Answer events = Contract.send(
                        application, Contract.request(application, "/events").build());
                assertThat(events.<List<?>>at("$.events")).hasSize(size);
            }
        }
        assertThatThrownBy(() -> application(WebApplicationType.SERVLET, Map.of(), "stanchion.events.buffer=-1"))
                .hasStackTraceContaining("stanchion.events.buffer");
    }

    @Nested
    class OnServlets extends Contract {
        OnServlets() {
            super(WebApplicationType.SERVLET);
        }
    }

    @Nested
    class OnWebFlux extends Contract {
        OnWebFlux() {
            super(WebApplicationType.REACTIVE);
        }
    }

    @TestInstance(Lifecycle.PER_CLASS)
    abstract static class Contract {

        private final WebApplicationType type;
        private final Map<String, Object> changing = new TreeMap<>();
        private ConfigurableApplicationContext context;
        RateLimiters limiters;

        Contract(WebApplicationType type) {
            this.type = type;
        }

        @BeforeAll
        void start() {
            context = application(type, changing, "management.endpoint.stanchion.access=unrestricted");
            limiters = context.getBean(RateLimiters.class);
        }

        @AfterAll
        void stop() {
            context.close();
        }

        @BeforeEach
        void clear() {
            limiters.reset("search", "alice");
            changing.clear();
        }

        @Test
        void overviewShowsStoreAndAllGuards() {
            Answer answer = get("");

            assertThat(answer.status).isEqualTo(200);
            assertThat(answer.<String>at("$.store.type")).isEqualTo("memory");
            assertThat(answer.<Integer>at("$.store.maxKeys")).isEqualTo(100_000);
            assertThat(answer.<List<String>>at("$.store.capabilities")).contains("retains", "store-clock");
            assertThat(answer.<Map<String, ?>>at("$.rate-limits"))
                    .containsOnlyKeys("Desk#serve(String)", "a/b.c ü%", "export", "search");
            assertThat(answer.<String>at("$.rate-limits.search.limit")).isEqualTo("100 per 1m");
            assertThat(get("/rate-limits").<Map<String, ?>>at("$")).hasSize(4);
            assertThat(answer.<String>at("$.weaving")).isEqualTo("proxy");
            assertThat(answer.<List<String>>at("$.warnings"))
                    .anyMatch(warning -> warning.startsWith("Rate limit 'export' is used by no annotation"));
        }

        @Test
        void policyIsShownAsItHolds() {
            Answer answer = get("/rate-limits/export");

            assertThat(answer.<String>at("$.name")).isEqualTo("export");
            assertThat(answer.<String>at("$.mode")).isEqualTo("shadow");
            assertThat(answer.<String>at("$.algorithm")).isEqualTo("token-bucket");
            assertThat(answer.<List<Map<String, ?>>>at("$.bandwidths"))
                    .containsExactly(
                            Map.of(
                                    "limit", "1000/1h",
                                    "capacity", 1000,
                                    "refill", 1000,
                                    "period", "PT1H",
                                    "r", 1,
                                    "p", 3_600_000),
                            Map.of(
                                    "limit", "20/1s burst 40",
                                    "capacity", 40,
                                    "refill", 20,
                                    "period", "PT1S",
                                    "r", 1,
                                    "p", 50_000));
            assertThat(answer.<String>at("$.worstCase")).isEqualTo("at most 2000 in any 1h, and at most 60 in any 1s");
            assertThat(answer.<String>at("$.settings.on-store-failure")).isEqualTo("open");
            assertThat(answer.<String>at("$.settings.denial-cache")).isEqualTo("on");
            assertThat(answer.<Map<String, ?>>at("$.settings.lease")).isEqualTo(Map.of("permits", 7, "ttl", "PT0.2S"));
            assertThat(answer.<Integer>at("$.leased")).isZero();
            assertThat(answer.<Map<String, String>>at("$.origins"))
                    .containsEntry(
                            "on-store-failure",
                            "stanchion.rate-limits.export.on-store-failure (\"stanchion.rate-limits.export.on-store-failure\""
                                    + " from property source \"commandLineArgs\")")
                    .containsKeys("limit", "mode", "denial-cache", "lease.permits", "plans.vip")
                    .doesNotContainKeys("key", "cost");
            assertThat(get("/rate-limits/Desk%23serve(String)").<String>at("$.origins.limit"))
                    .isEqualTo("@RateLimited(limit) on Desk.serve");
            assertThat(answer.<Map<String, String>>at("$.plans")).isEqualTo(Map.of("vip", "unlimited"));
            assertThat(get("/rate-limits/Desk%23serve(String)").<List<String>>at("$.methods"))
                    .containsExactly("Desk.serve");
        }

        @Test
        void decisionsAreCountedLive() {
            int before = get("/rate-limits/search").at("$.decisions.rejected");
            limiters.tryAcquire("search", "alice", 60);
            limiters.tryAcquire("search", "alice", 60);

            Answer answer = get("/rate-limits/search");
            assertThat(answer.<Integer>at("$.decisions.rejected")).isEqualTo(before + 1);
            assertThat(answer.<String>at("$.lastRejection"))
                    .isEqualTo(context.getBean(VirtualClock.class).instant().toString());
        }

        @Test
        void mostRefusedSubjectsAreHelpedByTheirHandles() {
            String path = "/rate-limits/Desk%23serve(String)";
            refuse("Desk#serve(String)", 3, "alice", 2);
            refuse("Desk#serve(String)", 3, "bob", 3);

            Answer answer = get(path);
            assertThat(answer.body).doesNotContain("alice", "bob");
            Map<String, Object> most = answer.at("$.mostRefused[0]");
            assertThat(most).containsEntry("refused", 3).containsOnlyKeys("handle", "refused", "last");
            assertThat(most.get("last"))
                    .isEqualTo(context.getBean(VirtualClock.class).instant().toString());
            assertThat(answer.<Integer>at("$.mostRefused[1].refused")).isEqualTo(2);
            String bob = String.valueOf(most.get("handle"));
            assertThat(bob).matches("[0-9a-f]{16}");

            String handle = "\"handle\":\"" + bob + "\"}";
            assertThat(post(path, JSON, "{\"action\":\"peek\"," + handle).<Integer>at("$.remaining"))
                    .isZero();
            assertThat(post(path, JSON, "{\"action\":\"reset\"," + handle).<Boolean>at("$.reset"))
                    .isTrue();
            assertThat(limiters.peek("Desk#serve(String)", "bob").remaining()).isEqualTo(3);
            assertThat(limiters.peek("Desk#serve(String)", "alice").remaining()).isZero();
            Answer both = post(path, JSON, "{\"action\":\"reset\",\"key\":\"carol\"," + handle);
            assertThat(both.status).isEqualTo(400);
            Answer stranger = post(path, JSON, "{\"action\":\"reset\",\"handle\":\"0123456789abcdef\"}");
            assertThat(stranger.status).isEqualTo(400);
            assertThat(stranger.<String>at("$.error")).contains("Handle is unknown");
        }

        @Test
        void eventsTellWhatHappenedAndAFloodOfOneSortPushesNoOtherOut() {
            assertThat(post("", JSON, "{\"action\":\"reload\"}").status).isEqualTo(200);
            Instant flood = context.getBean(VirtualClock.class).instant().plusSeconds(1);
            context.getBean(VirtualClock.class).advance(Duration.ofSeconds(1));
            refuse("search", 100, "alice", 200);

            Answer all = get("/events");
            assertThat(all.body).doesNotContain("alice");
            assertThat(all.<List<String>>at("$.events[?(@.type == 'rejected')].id"))
                    .hasSize(128);
            assertThat(all.<List<String>>at("$.events[?(@.type == 'reloaded')].kind"))
                    .contains("policies");
            assertThat(all.<List<Integer>>at("$.events[*].id")).isSortedAccordingTo(Comparator.reverseOrder());
            Map<String, Object> refusal = all.at("$.events[0]");
            assertThat(refusal)
                    .containsEntry("kind", "rate-limit")
                    .containsEntry("name", "search")
                    .containsEntry("type", "rejected")
                    .containsEntry("at", flood.toString())
                    .containsEntry(
                            "subject",
                            Map.of("handle", get("/rate-limits/search").at("$.mostRefused[0].handle")));
            assertThat(get("/events?kind=policies").<List<String>>at("$.events[*].type"))
                    .contains("action", "reloaded")
                    .doesNotContain("rejected");
            assertThat(get("/events?name=Search").<List<String>>at("$.events[?(@.name != 'search')]"))
                    .isEmpty();
            assertThat(get("/events?since=" + flood).<List<Integer>>at("$.events[*].id"))
                    .hasSize(128);
            assertThat(get("/events?since=" + flood.plusSeconds(1)).<List<Integer>>at("$.events[*].id"))
                    .isEmpty();
            assertThat(get("/events?since=yesterday").status).isEqualTo(400);
        }

        @Test
        void whatOperatorsDoIsAuditedWithoutTheKey() {
            limiters.tryAcquire("search", "alice", 60);
            AUDITED.clear();
            post("/rate-limits/search", JSON, "{\"action\":\"reset\",\"key\":\"alice\",\"reason\":\"ticket 12\"}");

            assertThat(AUDITED).singleElement().satisfies(event -> {
                assertThat(event.getType()).isEqualTo("STANCHION_RESET");
                assertThat(event.getData())
                        .isEqualTo(Map.of(
                                "kind", "rate-limit", "name", "search", "action", "reset", "reason", "ticket 12"));
            });
            assertThat(get("/events?kind=rate-limit").<Map<String, Object>>at("$.events[0]"))
                    .containsEntry("type", "action")
                    .containsEntry("action", "reset")
                    .containsEntry("reason", "ticket 12");
        }

        private void refuse(String name, int limit, String key, int times) {
            limiters.acquire(name, key, limit);
            for (int i = 0; i < times; i++) {
                assertThat(limiters.tryAcquire(name, key).admitted()).isFalse();
            }
        }

        @Test
        void namesMayHoldAnything() {
            Answer answer = get("/rate-limits/a/b.c%20%C3%BC%25");

            assertThat(answer.status).isEqualTo(200);
            assertThat(answer.<String>at("$.name")).isEqualTo("a/b.c ü%");
        }

        @Test
        void unknownIsNotFoundAndMakesNothing() {
            int policies = context.getBean(RateLimitPolicies.class).all().size();
            String peek = "{\"action\":\"peek\",\"key\":\"alice\"}";

            assertThat(get("/rate-limits/serach").status).isEqualTo(404);
            assertThat(get("/breakers").status).isEqualTo(404);
            assertThat(get("/locks/search").status).isEqualTo(404);
            assertThat(post("/rate-limits/serach", JSON, peek).status).isEqualTo(404);
            assertThat(post("/locks/search", JSON, peek).status).isEqualTo(404);
            assertThat(context.getBean(RateLimitPolicies.class).all()).hasSize(policies);
            assertThat(get("/rate-limits").body).doesNotContain("serach");
        }

        @Test
        void peekTellsAndChargesNothing() {
            limiters.tryAcquire("search", "alice", 60);
            for (int i = 0; i < 2; i++) {
                Answer answer = post("/rate-limits/search", JSON, "{\"action\":\"peek\",\"key\":\"alice\"}");
                assertThat(answer.status).isEqualTo(200);
                assertThat(answer.<Integer>at("$.remaining")).isEqualTo(40);
                assertThat(answer.<Integer>at("$.limit")).isEqualTo(100);
                assertThat(answer.<String>at("$.resetAfter")).isEqualTo("PT36S");
            }
            assertThat(keys()).hasSize(1);
            post("/rate-limits/search", JSON, "{\"action\":\"peek\",\"key\":\"nobody\"}");
            assertThat(keys()).hasSize(1);
        }

        @Test
        void resetGivesOneSubjectItsPermitsBackAndNamesItNowhere() {
            limiters.tryAcquire("search", "alice", 60);
            limiters.tryAcquire("search", List.of("bob/ü%", 7), 60);
            try (Logs logs = new Logs()) {
                Answer answer = post(
                        "/rate-limits/search",
                        JSON,
                        "{\"action\":\"reset\",\"key\":\"bob/ü%\",\"key2\":7,\"reason\":\"ticket\\n12\"}");

                assertThat(answer.status).isEqualTo(200);
                assertThat(answer.<Boolean>at("$.reset")).isTrue();
                assertThat(answer.body).doesNotContain("bob");
                assertThat(logs.lines()).contains("INFO: Endpoint: reset of rate-limit 'search' {reason=ticket 12}");
                assertThat(logs.lines()).noneMatch(line -> line.contains("bob"));
            }
            assertThat(limiters.peek("search", List.of("bob/ü%", 7)).remaining())
                    .isEqualTo(100);
            assertThat(limiters.peek("search", "alice").remaining()).isEqualTo(40);
        }

        @Test
        void mistakesAreExplainedWithoutTheKey() {
            for (String body : List.of(
                    "{\"action\":\"unlock\",\"key\":\"alice\"}",
                    "{\"key\":\"alice\"}",
                    "{\"action\":\"peek\",\"key\":[{\"mail\":\"alice\"}]}",
                    "not json, alice")) {
                Answer answer = post("/rate-limits/search", JSON, body);
                assertThat(answer.status).as(body).isEqualTo(400);
                assertThat(answer.body).doesNotContain("alice");
            }
        }

        @Test
        void postThatAnyPageCanSendIsRefused() {
            limiters.tryAcquire("search", "alice", 60);
            String body = "{\"action\":\"reset\",\"key\":\"alice\"}";

            assertThat(post("/rate-limits/search", null, "").status).isIn(400, 415);
            assertThat(post("/rate-limits/search", "text/plain", body).status).isEqualTo(415);
            assertThat(post("/rate-limits/search", "application/x-www-form-urlencoded", "action=reset&key=alice")
                            .status)
                    .isEqualTo(415);
            assertThat(limiters.peek("search", "alice").remaining()).isEqualTo(40);
        }

        @Test
        void parametersInTheAddressAreRefused() {
            changing.put("stanchion.rate-limits.search", "200/1m");
            limiters.tryAcquire("search", "alice");

            assertThat(post("/rate-limits/search?action=reset&key=alice", null, "").status)
                    .isIn(400, 415);
            assertThat(post("/rate-limits/search?key=alice", JSON, "{\"action\":\"reset\"}").status)
                    .isEqualTo(400);
            assertThat(post("?action=reload", null, "").status).isIn(400, 415);
            assertThat(post("?action=reload", JSON, "{}").status).isEqualTo(400);
            assertThat(limiters.peek("search", "alice").remaining()).isEqualTo(99);
        }

        @Test
        void reloadAppliesChangedSettings() {
            changing.put("stanchion.rate-limits.search", "200/1m");
            Answer answer = post("", JSON, "{\"action\":\"reload\"}");

            assertThat(answer.status).isEqualTo(200);
            assertThat(answer.<List<String>>at("$.needRestart")).isEmpty();
            assertThat(get("/rate-limits/search").<String>at("$.limit")).isEqualTo("200 per 1m");
            assertThat(get("/rate-limits/search").<String>at("$.origins.limit")).contains("\"changing\"");

            changing.put("stanchion.rate-limits.search", "many");
            Answer refused = post("", JSON, "{\"action\":\"reload\"}");
            assertThat(refused.status).isEqualTo(400);
            assertThat(refused.<String>at("$.error")).contains("stanchion.rate-limits.search");
            assertThat(get("/events").<String>at("$.events[0].type")).isEqualTo("reload-refused");
            assertThat(get("/events").<String>at("$.events[0].trouble")).contains("stanchion.rate-limits.search");
            assertThat(get("/rate-limits/search").<String>at("$.limit")).isEqualTo("200 per 1m");

            changing.clear();
            assertThat(post("", JSON, "{\"action\":\"reload\"}").status).isEqualTo(200);
            assertThat(post("", JSON, "{\"action\":\"explode\"}").status).isEqualTo(400);
        }

        private List<?> keys() {
            return context.getBean(AtomicStore.class)
                    .keys()
                    .page(KeyRange.of(KeySpace.of("stanchion", "rate-bucket", "search")), null, 100)
                    .keys();
        }

        Answer get(String path) {
            return send(context, request(context, path).build());
        }

        Answer post(String path, String contentType, String body) {
            HttpRequest.Builder request = request(context, path).POST(BodyPublishers.ofString(body));
            return send(context, (contentType == null ? request : request.header("Content-Type", contentType)).build());
        }

        private static HttpRequest.Builder request(ConfigurableApplicationContext context, String path) {
            String port = context.getEnvironment().getRequiredProperty("local.management.port");
            return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/stanchion" + path))
                    .timeout(Duration.ofSeconds(30));
        }

        private static Answer send(ConfigurableApplicationContext to, HttpRequest request) {
            try {
                // A connection for each: Reactor Netty 1.3.7 may stop reading one that is kept (its issue 4361).
                HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
                return new Answer(response.statusCode(), response.body());
            } catch (IOException trouble) {
                throw new AssertionError("No answer from " + to, trouble);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interrupted);
            }
        }
    }

    private static ConfigurableApplicationContext application(
            WebApplicationType type, Map<String, Object> changing, String... properties) {
        SpringApplication application = new SpringApplication(App.class);
        application.setWebApplicationType(type);
        application.setDefaultProperties(Map.of("management.endpoints.web.exposure.include", "stanchion"));
        application.addInitializers(context ->
                context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("changing", changing)));
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--stanchion.rate-limits.search=100/1m",
                "--stanchion.rate-limits.export.limit=20/1s burst 40,1000/1h",
                "--stanchion.rate-limits.export.mode=shadow",
                "--stanchion.rate-limits.export.on-store-failure=open",
                "--stanchion.rate-limits.export.denial-cache=on",
                "--stanchion.rate-limits.export.lease.permits=7",
                "--stanchion.rate-limits.export.plans.vip=unlimited",
                "--stanchion.rate-limits[a/b.c ü%].limit=1/1m"));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        return application.run(arguments.toArray(String[]::new));
    }

    private record Answer(int status, String body) {

        @SuppressWarnings("TypeParameterUnusedInFormals") // a test says at each place what it expects there
        <T> T at(String path) {
            return JsonPath.read(body, path);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @WithoutSecurity
    static class App {

        @Bean
        VirtualClock clock() {
            return new VirtualClock();
        }

        @Bean
        Desk desk() {
            return new Desk();
        }

        @Bean
        ApplicationListener<AuditApplicationEvent> audit() {
            return event -> AUDITED.add(event.getAuditEvent());
        }
    }

    /** Believes what requests say of who sends them. */
    @Configuration(proxyBeanMethods = false)
    static class SignedIn {

        @Bean
        FilterRegistrationBean<Filter> signedIn() {
            return new FilterRegistrationBean<>((request, response, chain) -> chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                        @Override
                        public Principal getUserPrincipal() {
                            return () -> "operator";
                        }

                        @Override
                        public boolean isUserInRole(String role) {
                            return role.equals(getHeader("Role"));
                        }
                    },
                    response));
        }
    }

    static class Desk {

        @RateLimited(limit = "3/1m")
        public String serve(String what) {
            return what;
        }
    }
}
