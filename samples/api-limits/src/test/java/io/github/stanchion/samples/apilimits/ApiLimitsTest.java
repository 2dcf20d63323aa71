package io.github.stanchion.samples.apilimits;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.spring.test.AutoConfigureStanchion;
import io.github.stanchion.spring.test.GuardTester;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/** What the README says of the sample, over real HTTP, on a clock that only the test moves. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureStanchion
class ApiLimitsTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @Autowired
    private VirtualClock clock;

    @Autowired
    private VirtualSleeper sleeper;

    @Autowired
    private GuardTester guards;

    @Autowired
    private WebServerApplicationContext server;

    @Test
    void searchAdmitsExactlyTenOfTwoHundredAtOnce() {
        List<HttpResponse<String>> answers = joinAll(
                IntStream.range(0, 200).mapToObj(i -> send("/search?q=limits")).toList());

        assertThat(statuses(answers)).isEqualTo(Map.of(200, 10L, 429, 190L));
        long retryAfter = 0;
        for (HttpResponse<String> answer : answers) {
            if (answer.statusCode() == 429) {
                retryAfter = answer.headers().firstValueAsLong("Retry-After").orElseThrow();
                assertThat(retryAfter).isPositive();
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            }
        }
        clock.advance(Duration.ofSeconds(retryAfter));
        assertThat(send("/search?q=limits").join().statusCode()).isEqualTo(200);
    }

    @Test
    void searchIsLimitedByAddress() {
        guards.exhaust("search", "127.0.0.1");

        assertThat(send("/search?q=limits").join().statusCode()).isEqualTo(429);
    }

    @Test
    void consoleShowsTheLimitsAndChangesNothing() {
        assertThat(send("/actuator/stanchionconsole").join().body()).contains("<title>Stanchion</title>");
        assertThat(send("/actuator/stanchion").join().body()).contains("\"search\"", "\"writable\":false");
    }

    @Test
    void searchFindsTitles() {
        assertThat(send("/search?q=limits").join().body()).contains("The Art of Limits");
    }

    @Test
    void forwardingHeadersOfAnybodyChangeNothing() {
        List<HttpResponse<String>> answers = joinAll(IntStream.range(0, 1_000)
                .mapToObj(i -> send("/search?q=limits", "X-Forwarded-For", randomAddress()))
                .toList());

        assertThat(statuses(answers)).isEqualTo(Map.of(200, 10L, 429, 990L));
    }

    @Test
    void exportLetsTwoThroughMakesTwoWaitAndRefusesTheRestAtOnce() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> calls =
                IntStream.range(0, 6).mapToObj(i -> send("/export")).toList();
        sleeper.awaitWaiting(2);
        List<HttpResponse<String>> atOnce = joinFirst(calls, 4);

        assertThat(statuses(atOnce)).isEqualTo(Map.of(200, 2L, 429, 2L));

        clock.advance(Duration.ofSeconds(2));

        assertThat(statuses(joinAll(calls))).isEqualTo(Map.of(200, 4L, 429, 2L));
    }

    @Test
    void exportCountsOnlySuccesses() {
        for (int i = 0; i < 10; i++) {
            assertThat(send("/export?format=pdf").join().statusCode()).isEqualTo(400);
        }

        assertThat(send("/export").join().body()).startsWith("title\n");
    }

    @Test
    void quoteIsLimitedByThePlanOfTheKey() {
        assertThat(statuses(quotes("free-key", 60))).isEqualTo(Map.of(200, 5L, 429, 55L));
        assertThat(statuses(quotes("pro-key", 60))).isEqualTo(Map.of(200, 50L, 429, 10L));
        assertThat(statuses(quotes("stolen", 60))).isEqualTo(Map.of(401, 60L));
        assertThat(send("/quote").join().statusCode()).isEqualTo(401);
    }

    private List<HttpResponse<String>> quotes(String apiKey, int calls) {
        return joinAll(IntStream.range(0, calls)
                .mapToObj(i -> send("/quote", "X-Api-Key", apiKey))
                .toList());
    }

    private CompletableFuture<HttpResponse<String>> send(String path, String... header) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getWebServer().getPort() + path));
        if (header.length > 0) {
            request.header(header[0], header[1]);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private static List<HttpResponse<String>> joinAll(List<CompletableFuture<HttpResponse<String>>> calls) {
        return joinFirst(calls, calls.size());
    }

    private static List<HttpResponse<String>> joinFirst(
            List<CompletableFuture<HttpResponse<String>>> calls, int count) {
        BlockingQueue<HttpResponse<String>> done = new LinkedBlockingQueue<>();
        for (CompletableFuture<HttpResponse<String>> call : calls) {
            CompletableFuture<Void> unused = call.thenAccept(done::add);
        }
        return IntStream.range(0, count).mapToObj(i -> poll(done)).toList();
    }

    private static HttpResponse<String> poll(BlockingQueue<HttpResponse<String>> done) {
        try {
            HttpResponse<String> answer = done.poll(30, TimeUnit.SECONDS);
            assertThat(answer).as("an answer within 30 s").isNotNull();
            return answer;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<Integer, Long> statuses(List<HttpResponse<String>> answers) {
        return answers.stream().collect(groupingBy(HttpResponse::statusCode, counting()));
    }

    private static String randomAddress() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return random.nextInt(1, 224) + "." + random.nextInt(256) + "." + random.nextInt(256) + "."
                + random.nextInt(256);
    }
}
