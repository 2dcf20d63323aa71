package io.github.stanchion.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.redis.RedisUnderTest;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.spring.autoconfigure.StanchionMetricsAutoConfiguration;
import io.github.stanchion.spring.autoconfigure.StanchionRedisAutoConfiguration;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the dashboard and the alerts ask Prometheus for is what an application tells it. */
class DashboardTest {

    private static final Path PLACE = Path.of("../docs/grafana");
    private static final Pattern METRIC = Pattern.compile("stanchion_[a-z_]+");
    private static final Pattern SELECTED = Pattern.compile("(stanchion_[a-z_]+)(?:\\{([^}]*)\\})?");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)(?==)");
    private static final Pattern GROUPED = Pattern.compile("by \\(([a-z, ]+)\\)");

    /** What Prometheus itself adds. */
    private static final Set<String> SCRAPER = Set.of("instance", "job");

    private final ApplicationContextRunner memory = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    StanchionAutoConfiguration.class,
                    StanchionRedisAutoConfiguration.class,
                    StanchionMetricsAutoConfiguration.class,
                    MetricsAutoConfiguration.class))
            .withBean(PrometheusMeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
            .withBean(Shop.class)
            .withPropertyValues("stanchion.store=memory");
    private final ApplicationContextRunner redis = memory.withPropertyValues(
            "stanchion.store=redis",
            "stanchion.redis.uri=" + RedisUnderTest.uri(),
            "stanchion.key-prefix=" + RedisUnderTest.prefix(),
            "stanchion.redis.command-timeout=20s");

    @Test
    void everyMetricAndLabelThatIsAskedForIsScraped() throws Exception {
        Map<String, Set<String>> scraped = new HashMap<>();
        collect(memory, scraped);
        collect(redis, scraped);

        List<String> expressions = new ArrayList<>(dashboard());
        expressions.addAll(alerts());
        assertThat(expressions).hasSizeGreaterThan(40);
        for (String expression : expressions) {
            Set<String> labels = new HashSet<>(SCRAPER);
            Matcher selected = SELECTED.matcher(expression);
            while (selected.find()) {
                assertThat(scraped).as(expression).containsKey(selected.group(1));
                labels.addAll(scraped.get(selected.group(1)));
                assertThat(labels).as(expression).containsAll(labelsIn(selected.group(2)));
            }
            Matcher grouped = GROUPED.matcher(expression);
            while (grouped.find()) {
                assertThat(labels).as(expression).contains(grouped.group(1).split(", "));
            }
        }
    }

    @Test
    void dashboardShowsEveryMeterButTheLongestTimes() throws Exception {
        Map<String, Set<String>> scraped = new HashMap<>();
        collect(memory, scraped);
        collect(redis, scraped);
        Set<String> shown = new HashSet<>();
        dashboard()
                .forEach(expression -> METRIC.matcher(expression).results().forEach(found -> shown.add(found.group())));

        Set<String> told = new HashSet<>(scraped.keySet());
        told.removeIf(metric -> metric.endsWith("_seconds_max"));
        assertThat(shown).isEqualTo(told);
    }

    private static Set<String> labelsIn(String matchers) {
        Set<String> labels = new HashSet<>();
        if (matchers != null) {
            LABEL.matcher(matchers.replaceAll("\"[^\"]*\"", "")).results().forEach(found -> labels.add(found.group(1)));
        }
        return labels;
    }

    /** The labels of all metrics of ours, by their names, after each guard has been called. */
    private static void collect(ApplicationContextRunner contexts, Map<String, Set<String>> scraped) {
        contexts.run(context -> {
            context.getBean(Shop.class).buy();
            Matcher line = Pattern.compile("^(stanchion_[a-z_]+)(?:\\{([^}]*)\\})? ", Pattern.MULTILINE)
                    .matcher(context.getBean(PrometheusMeterRegistry.class).scrape());
            while (line.find()) {
                scraped.computeIfAbsent(line.group(1), metric -> new HashSet<>())
                        .addAll(labelsIn(line.group(2)));
            }
        });
    }

    private static List<String> dashboard() throws Exception {
        JsonNode panels = JsonMapper.shared()
                .readTree(Files.readString(PLACE.resolve("stanchion.json")))
                .get("panels");
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : panels) {
            panel.path("targets")
                    .forEach(target -> expressions.add(target.get("expr").asString()));
        }
        return expressions;
    }

    private static List<String> alerts() throws Exception {
        Map<String, List<Map<String, List<Map<String, Object>>>>> file =
                new Yaml().load(Files.readString(PLACE.resolve("alerts.yml")));
        return file.get("groups").get(0).get("rules").stream()
                .map(rule -> (String) rule.get("expr"))
                .toList();
    }

    static class Shop {

        @RateLimited(limit = "100/1m")
        @WithLock(name = "shop")
        public void buy() {}
    }
}
