package io.github.stanchion.samples.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.redis.RedisUnderTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** What the README says of two processes on one Redis, over real HTTP and a real server; and of one on its own memory. */
class PricingTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final String prefix = RedisUnderTest.prefix();

    @Test
    void fiftyRequestsToTwoProcessesComputeOnce() {
        try (ConfigurableApplicationContext one = startOnRedis();
                ConfigurableApplicationContext other = startOnRedis()) {
            assertOneComputation(one, other);
        }
    }

    @Test
    void fiftyRequestsToOneProcessComputeOnce() {
        try (ConfigurableApplicationContext alone = start("--stanchion.store=memory")) {
            assertOneComputation(alone, alone);
        }
    }

    private void assertOneComputation(ConfigurableApplicationContext one, ConfigurableApplicationContext other) {
        List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, 50)
                .mapToObj(i -> get(i % 2 == 0 ? one : other, "/prices/4711"))
                .toList();
        List<String> answers = calls.stream()
                .map(CompletableFuture::join)
                .map(answer -> answer.statusCode() + " " + answer.body())
                .distinct()
                .toList();

        assertThat(answers).singleElement().asString().startsWith("200 {\"sku\":\"4711\",\"amount\":");
        assertThat(Stream.of(one, other)
                        .distinct()
                        .mapToInt(PricingTest::computations)
                        .sum())
                .isEqualTo(1);
    }

    @Test
    void scheduledExportRunsOnOneNodeAtATime() {
        try (ConfigurableApplicationContext one = startOnRedis(
                        "--pricing.export.cron=* * * * * *", "--stanchion.locks.price-export.at-least=500ms");
                ConfigurableApplicationContext other = startOnRedis(
                        "--pricing.export.cron=* * * * * *", "--stanchion.locks.price-export.at-least=500ms")) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (exports(one, other).size() < 4) {
                assertThat(System.nanoTime()).as("exports").isLessThan(end);
                Thread.onSpinWait();
            }
            // Tokens are times of grants: two within half a second would be two exports at one tick.
            List<Long> tokens = exports(one, other);
            for (int i = 1; i < tokens.size(); i++) {
                assertThat(tokens.get(i) - tokens.get(i - 1)).isGreaterThanOrEqualTo(500_000);
            }
        }
    }

    private static int computations(ConfigurableApplicationContext process) {
        return process.getBean(PriceBook.class).computations();
    }

    private static List<Long> exports(ConfigurableApplicationContext... processes) {
        List<Long> tokens = new ArrayList<>();
        for (ConfigurableApplicationContext process : processes) {
            tokens.addAll(process.getBean(PriceExport.class).tokens());
        }
        tokens.sort(null);
        return tokens;
    }

    private ConfigurableApplicationContext startOnRedis(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--spring.data.redis.url=" + RedisUnderTest.uri(),
                "--stanchion.key-prefix=" + prefix,
                "--stanchion.redis.command-timeout=20s",
                "--stanchion.redis.connect-timeout=20s",
                "--stanchion.locks.price.wait=30s"));
        all.addAll(List.of(more));
        return start(all.toArray(String[]::new));
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--server.port=0"));
        all.addAll(List.of(arguments));
        return new SpringApplicationBuilder(PricingApplication.class).run(all.toArray(String[]::new));
    }

    private CompletableFuture<HttpResponse<String>> get(ConfigurableApplicationContext process, String path) {
        int port = ((WebServerApplicationContext) process).getWebServer().getPort();
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
