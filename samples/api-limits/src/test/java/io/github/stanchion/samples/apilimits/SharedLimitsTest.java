package io.github.stanchion.samples.apilimits;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.redis.RedisUnderTest;
import io.github.stanchion.testkit.VirtualClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** What the README says of two processes on one Redis, over real HTTP and a real server. */
class SharedLimitsTest {

    private static final Pattern README = Pattern.compile("(?m)^\\$ for i in \\$\\(seq (\\d+)\\); do curl .*"
            + "\"localhost:808\\$\\(\\(1 \\+ i % 2\\)\\)(/search\\S*)\"; done\n([\\d ]+)$");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String prefix = RedisUnderTest.prefix();

    @Test
    void twoProcessesAdmitTogetherWhatOneLimitAllows() throws IOException {
        Matcher readme = README.matcher(Files.readString(Path.of("..", "..", "README.md")));
        assertThat(readme.find()).isTrue();
        String path = readme.group(2);
        try (ConfigurableApplicationContext one = start();
                ConfigurableApplicationContext other = start()) {
            String inTurn = IntStream.rangeClosed(1, Integer.parseInt(readme.group(1)))
                    .mapToObj(i -> search(i % 2 == 0 ? one : other, path).join())
                    .map(answer -> String.valueOf(answer.statusCode()))
                    .collect(joining(" "));
            assertThat(inTurn).isEqualTo(readme.group(3));

            for (ConfigurableApplicationContext process : List.of(one, other)) {
                process.getBean(VirtualClock.class).advance(Duration.ofMinutes(1));
            }
            List<CompletableFuture<HttpResponse<Void>>> calls = IntStream.range(0, 200)
                    .mapToObj(i -> search(i % 2 == 0 ? one : other, path))
                    .toList();

            Map<Integer, Long> statuses = calls.stream()
                    .map(CompletableFuture::join)
                    .collect(groupingBy(HttpResponse::statusCode, counting()));

            assertThat(statuses).isEqualTo(Map.of(200, 10L, 429, 190L));
        }
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(ApiLimitsApplication.class, StandingTime.class)
                .run(
                        "--server.port=0",
                        "--spring.profiles.active=redis",
                        "--spring.data.redis.url=" + RedisUnderTest.uri(),
                        "--stanchion.key-prefix=" + prefix,
                        "--stanchion.redis.command-timeout=20s",
                        "--stanchion.redis.connect-timeout=20s");
    }

    private CompletableFuture<HttpResponse<Void>> search(ConfigurableApplicationContext process, String path) {
        int port = ((WebServerApplicationContext) process).getWebServer().getPort();
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
    }

    /** Else a busy machine would take long enough for permits to come back. */
    static class StandingTime {

        @Bean
        VirtualClock clock() {
            return new VirtualClock();
        }
    }
}
