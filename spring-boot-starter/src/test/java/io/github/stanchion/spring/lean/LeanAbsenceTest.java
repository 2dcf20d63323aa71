package io.github.stanchion.spring.lean;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.redis.TestJvm;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Applications of which optional libraries are really absent, each in a JVM of its own: it starts, and refuses the third call.
 * Hiding names from conditions would not find a class that is missed when another is linked.
 */
@Timeout(120)
class LeanAbsenceTest {

    private static final String BASE =
            "stanchion-(core|memory-backend|spring-boot-starter)|bucket4j_jdk17-core|jspecify"
                    + "|spring-boot|spring-boot-autoconfigure|spring-(core|beans|context|aop|expression)|commons-logging"
                    + "|micrometer-(commons|observation)|jakarta.annotation-api|snakeyaml|logback-.*|slf4j-api|log4j-.*|jul-to-slf4j";
    private static final String MVC = "spring-web|spring-webmvc|tomcat-embed-.*"
            + "|spring-boot-(webmvc|servlet|tomcat|web-server|http-converter)";
    private static final String WEBFLUX =
            "spring-web|spring-webflux|reactor-core|reactor-netty-.*|reactive-streams|netty-.*"
                    + "|spring-boot-(webflux|reactor|reactor-netty|netty|web-server|http-codec)";
    private static final String JACKSON = "spring-boot-jackson|jackson-(core|databind|annotations)";
    private static final String MICROMETER =
            "spring-boot-micrometer-(metrics|observation)|micrometer-(core|jakarta9)|HdrHistogram";
    private static final String ACTUATOR = "spring-boot-(actuator|actuator-autoconfigure|health)";

    private static final Pattern MODULE = Pattern.compile(".*/([^/]+)/target/(test-)?classes/?");
    private static final Pattern JAR = Pattern.compile(".*/(.+?)-\\d[^/]*\\.jar");
    private static final Pattern LOADED = Pattern.compile("\\S*\\s*([\\w$.]+) source: .*");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void webMvcAloneHasNothingOfRedisAndNoThreadsButTheSweeper(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("classes");
        try (TestJvm jvm = start(List.of("-Xlog:class+load:file=" + log), BASE, MVC, JACKSON)) {
            String port = ask(jvm, "port");
            assertThat(ownThreads(jvm)).isEmpty();
            refusesTheThirdRequest(port);
            assertThat(ownThreads(jvm)).containsExactly("stanchion-memory-sweeper");
        }

        assertThat(loaded(log))
                .contains("io.github.stanchion.memory.MemoryStore")
                .noneMatch(name ->
                        name.startsWith("io.lettuce.") || name.matches("io\\.github\\.stanchion\\..*redis\\..*"));
    }

    @Test
    void webFluxWithoutServlets() throws Exception {
        try (TestJvm jvm = start(List.of(), BASE, WEBFLUX, JACKSON)) {
            refusesTheThirdRequest(ask(jvm, "port"));
        }
    }

    @Test
    void webFluxWithTheActuatorWithoutServlets() throws Exception {
        try (TestJvm jvm = start(EXPOSED, BASE, WEBFLUX, JACKSON, ACTUATOR, MICROMETER)) {
            String port = ask(jvm, "port");
            refusesTheThirdRequest(port);
            showsWhatHasHappened(port);
        }
    }

    @Test
    void actuatorWithoutAWeb() throws Exception {
        try (TestJvm jvm = start(List.of(), BASE, JACKSON, ACTUATOR, MICROMETER)) {
            assertThat(ask(jvm, "port")).isEqualTo("none");
            assertThat(List.of(ask(jvm, "call"), ask(jvm, "call"), ask(jvm, "call")))
                    .containsExactly("served", "served", "refused");
            assertThat(ask(jvm, "beans").split(",")).contains("stanchionHealthIndicator", "rateLimitMeters");
        }
    }

    @Test
    void actuatorWithoutSecurity() throws Exception {
        try (TestJvm jvm = start(EXPOSED, BASE, MVC, JACKSON, ACTUATOR, MICROMETER)) {
            String port = ask(jvm, "port");
            refusesTheThirdRequest(port);
            showsWhatHasHappened(port);
        }
    }

    @Test
    void metersWithoutTheActuator() throws Exception {
        try (TestJvm jvm = start(List.of(), BASE, MVC, JACKSON, MICROMETER)) {
            refusesTheThirdRequest(ask(jvm, "port"));
            assertThat(ask(jvm, "beans").split(",")).contains("rateLimitMeters", "simpleMeterRegistry");
        }
    }

    /** Of what the actuator can do without, too: no Jackson, and as above no Reactor, transactions, Redis or AspectJ. */
    @Test
    void actuatorWithoutJackson() throws Exception {
        try (TestJvm jvm = start(EXPOSED, BASE, MVC, ACTUATOR)) {
            String port = ask(jvm, "port");
            refusesTheThirdRequest(port);
            assertThat(get(port, "/actuator/stanchionconsole").statusCode()).isEqualTo(200);
        }
    }

    private static final List<String> EXPOSED = List.of("-Dmanagement.endpoints.web.exposure.include=*");

    private static TestJvm start(List<String> options, String... libraries) {
        Pattern wanted = Pattern.compile(String.join("|", libraries));
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> wanted.matcher(library(entry)).matches())
                .collect(Collectors.joining(File.pathSeparator));
        return TestJvm.start(Map.of(), options, classPath, LeanApplication.class);
    }

    /** The artifact; of the modules of this build there may be folders, and only this one's tests are wanted. */
    private static String library(String entry) {
        Matcher module = MODULE.matcher(entry);
        if (module.matches()) {
            boolean tests = module.group(2) != null && !module.group(1).equals("spring-boot-starter");
            return "stanchion-" + module.group(1) + (tests ? "-tests" : "");
        }
        Matcher jar = JAR.matcher(entry);
        return jar.matches() ? jar.group(1) : entry;
    }

    private static String ask(TestJvm jvm, String question) {
        jvm.tell(question);
        String line = jvm.line();
        while (!line.startsWith(LeanApplication.ANSWER)) {
            System.out.println(line);
            line = jvm.line();
        }
        return line.substring(LeanApplication.ANSWER.length());
    }

    private static List<String> ownThreads(TestJvm jvm) {
        return Stream.of(ask(jvm, "threads").split(","))
                .filter(name -> name.startsWith("stanchion"))
                .toList();
    }

    private static List<String> loaded(Path log) throws Exception {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(LOADED::matcher)
                    .filter(Matcher::matches)
                    .map(line -> line.group(1))
                    .toList();
        }
    }

    private void refusesTheThirdRequest(String port) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            statuses.add(get(port, "/desk").statusCode());
        }
        assertThat(statuses).containsExactly(200, 200, 429);
    }

    private void showsWhatHasHappened(String port) throws Exception {
        assertThat(get(port, "/actuator/health").body()).contains("\"status\":\"UP\"");
        assertThat(get(port, "/actuator/stanchion").body()).contains("\"rejected\":1");
        assertThat(get(port, "/actuator/stanchionconsole").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> get(String port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
