package io.github.stanchion.samples.apilimits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.spring.test.AutoConfigureStanchion;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/** Sends what the README tells to send to the sample, and compares the answers with those that it prints. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureStanchion
class ReadmeTest {

    private static final String ADDRESS = "localhost:8080";
    private static final Pattern CONSOLE = Pattern.compile("(?ms)^```console\n(.*?)^```$");
    private static final Pattern COMMAND = Pattern.compile(
            "(?m)^\\$ (?:for i in \\$\\(seq (\\d+)\\); do )?(curl .*?)( &)?(?:; done| done)?(?:; wait)?\n");
    private static final Pattern REQUEST = Pattern.compile("curl (?:.*? )?'?" + ADDRESS + "(/[^' ;\n]*)'?");
    private static final Pattern HEADER = Pattern.compile("-H '([^:]+): ([^']+)'");
    private static final Pattern STATUS = Pattern.compile("\\b[1-5]\\d\\d\\b");

    private final HttpClient client = HttpClient.newHttpClient();

    @Autowired
    private VirtualClock clock;

    @Autowired
    private VirtualSleeper sleeper;

    @Autowired
    private WebServerApplicationContext server;

    /** A command, and what it prints. */
    private record Command(int times, String curl, boolean atOnce, String printed) {}

    @ParameterizedTest
    @MethodSource("blocks")
    void blockIsAnsweredAsItSays(String block) throws Exception {
        for (Command command : commands(block)) {
            List<HttpResponse<String>> answers = command.atOnce ? answersAtOnce(command) : answersInTurn(command);
            List<Integer> statuses =
                    answers.stream().map(HttpResponse::statusCode).toList();
            if (command.curl.contains(" -i ")) {
                assertThat(statuses).as(command.curl).hasSize(1);
                compareWhole(answers.get(0), command.printed);
            } else if (command.atOnce) {
                assertThat(statuses).as(command.curl).containsExactlyInAnyOrderElementsOf(statuses(command.printed));
            } else {
                assertThat(statuses).as(command.curl).isEqualTo(statuses(command.printed));
            }
        }
    }

    @Test
    void sampleTellsToTryTheSameRequests() throws IOException {
        String readme = String.join("\n", blocks().toList());

        assertThat(requests(WhatToTry.text(ADDRESS))).isEqualTo(requests(readme));
    }

    @Test
    void limitOnTrialRefusesNobodyAndIsCounted() {
        long before = wouldHaveRefused();
        for (int i = 0; i < 10; i++) {
            assertThat(send("curl '" + ADDRESS + "/search?q=limits'").join().statusCode())
                    .isEqualTo(200);
        }

        assertThat(wouldHaveRefused() - before).isEqualTo(7);
    }

    private long wouldHaveRefused() {
        String limit = send("curl " + ADDRESS + "/actuator/stanchion/rate-limits/search-strict")
                .join()
                .body();
        Matcher count = Pattern.compile("\"shadow_rejected\":(\\d+)").matcher(limit);
        assertThat(count.find()).as(limit).isTrue();
        return Long.parseLong(count.group(1));
    }

    private static Stream<String> blocks() throws IOException {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        List<String> blocks = CONSOLE.matcher(readme)
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains(ADDRESS))
                .toList();
        assertThat(blocks).hasSizeGreaterThan(1);
        return blocks.stream();
    }

    private static List<Command> commands(String block) {
        List<Command> commands = new ArrayList<>();
        List<MatchResult> found = COMMAND.matcher(block).results().toList();
        for (int i = 0; i < found.size(); i++) {
            MatchResult command = found.get(i);
            int end = i + 1 < found.size() ? found.get(i + 1).start() : block.length();
            int times = command.group(1) == null ? 1 : Integer.parseInt(command.group(1));
            String printed = block.substring(command.end(), end);
            commands.add(new Command(times, command.group(2), command.group(3) != null, printed));
        }
        assertThat(commands)
                .as(block)
                .hasSize(Math.toIntExact(
                        block.lines().filter(line -> line.startsWith("$")).count()));
        return commands;
    }

    private static Set<String> requests(String text) {
        return REQUEST.matcher(text)
                .results()
                .map(request -> request.group(1) + " " + header(request.group()))
                .collect(Collectors.toSet());
    }

    private static String header(String curl) {
        Matcher header = HEADER.matcher(curl);
        return header.find() ? header.group() : "";
    }

    private static List<Integer> statuses(String printed) {
        return STATUS.matcher(printed.replaceAll("#.*", ""))
                .results()
                .map(status -> Integer.valueOf(status.group()))
                .toList();
    }

    private static void compareWhole(HttpResponse<String> answer, String printed) {
        List<String> lines = printed.lines().toList();
        assertThat(lines.get(0)).isEqualTo("HTTP/1.1 " + answer.statusCode());
        int body = lines.indexOf("");
        for (String header : lines.subList(1, body)) {
            String[] parts = header.split(": ", 2);
            assertThat(answer.headers().firstValue(parts[0])).as(header).contains(parts[1]);
        }
        assertThat(timeless(answer.body()))
                .startsWith(timeless(lines.get(body + 1)).replace("...}", ""));
    }

    /** Time stands here, and goes on where people try. */
    private static String timeless(String body) {
        return body.replaceAll("\\d+ ms", "6000 ms");
    }

    private List<HttpResponse<String>> answersInTurn(Command command) {
        return IntStream.range(0, command.times)
                .mapToObj(i -> send(command.curl).join())
                .toList();
    }

    /** Moves the time when all that are not answered yet wait for it. */
    private List<HttpResponse<String>> answersAtOnce(Command command) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, command.times)
                .mapToObj(i -> send(command.curl))
                .toList();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!calls.stream().allMatch(CompletableFuture::isDone)) {
            assertThat(System.nanoTime()).as("time of " + command.curl).isLessThan(deadline);
            if (sleeper.waiting()
                    == calls.stream().filter(call -> !call.isDone()).count()) {
                clock.advance(Duration.ofMillis(100));
            }
            Thread.sleep(1); // The requests are on real threads; only their time is virtual.
        }
        return calls.stream().map(CompletableFuture::join).toList();
    }

    private CompletableFuture<HttpResponse<String>> send(String curl) {
        Matcher request = REQUEST.matcher(curl);
        assertThat(request.find()).as(curl).isTrue();
        String address = "http://127.0.0.1:" + server.getWebServer().getPort() + request.group(1);
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(address));
        Matcher header = HEADER.matcher(curl);
        while (header.find()) {
            builder.header(header.group(1), header.group(2));
        }
        return client.sendAsync(builder.build(), BodyHandlers.ofString());
    }
}
