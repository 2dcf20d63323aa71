package io.github.stanchion.samples.directorystore;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.testkit.VirtualClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The sample as its users meet it: over real HTTP, two instances on one folder, on a clock that only the test moves. */
class TwoInstancesTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final VirtualClock clock = new VirtualClock();

    @TempDir
    private Path folder;

    @Test
    void instancesShareTheLimitAndANewOneFindsItExhausted() throws Exception {
        List<String> drawn = new ArrayList<>();
        try (ConfigurableApplicationContext a = start();
                ConfigurableApplicationContext b = start()) {
            for (int i = 0; i < 5; i++) {
                drawn.add(draw(a).body());
                drawn.add(draw(b).body());
            }
            assertThat(drawn).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
            assertThat(draw(a).statusCode()).isEqualTo(429);
            assertThat(draw(b).statusCode()).isEqualTo(429);
        }
        try (ConfigurableApplicationContext restarted = start()) {
            HttpResponse<String> refused = draw(restarted);

            assertThat(refused.statusCode()).isEqualTo(429);
            clock.advance(Duration.ofSeconds(
                    refused.headers().firstValueAsLong("Retry-After").orElseThrow()));
            assertThat(draw(restarted).body()).isEqualTo("11");
        }
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(DirectoryStoreApplication.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("clock", clock))
                .run("--server.port=0", "--store.folder=" + folder);
    }

    private HttpResponse<String> draw(ConfigurableApplicationContext instance)
            throws IOException, InterruptedException {
        int port = ((WebServerApplicationContext) instance).getWebServer().getPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/tickets"))
                .POST(BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
