package io.github.stanchion.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.redis.RedisUnderTest;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.spring.autoconfigure.StanchionMetricsAutoConfiguration;
import io.github.stanchion.spring.autoconfigure.StanchionRedisAutoConfiguration;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The tables of {@code docs/observability.md} list all meters with the types, tags and values that they have, and no others. */
class DocumentedMetersTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "observability.md");
    private static final Pattern WORD = Pattern.compile("`([a-z_.]+)`");
    private static final Set<String> VALUED = Set.of("outcome", "reason", "source");

    private static final Map<String, Row> documented = new TreeMap<>();
    private static final Map<String, Row> found = new TreeMap<>();
    private static String text = "";

    /** A meter, as far as it can be checked; {@code stores} and {@code values} are empty where nothing is said of them. */
    private record Row(String type, Set<String> tags, Set<String> stores, Set<String> values) {}

    @BeforeAll
    static void read() throws IOException {
        text = Files.readString(DOCUMENT).split("\n## ", -1)[1];
        String[] head = {};
        for (String line : text.lines().toList()) {
            String[] cells = line.replaceAll("^\\| | \\|$", "").split(" *\\| *", -1);
            if (line.startsWith("| meter |")) {
                head = cells;
            } else if (line.startsWith("| `")) {
                addRow(head, cells);
            }
        }
    }

    private static void addRow(String[] head, String[] cells) {
        Set<String> tags = new TreeSet<>();
        Set<String> stores = new TreeSet<>();
        for (int i = 2; i < head.length - 1; i++) {
            if (head[i].equals("of")) {
                stores.add(cells[i]);
            } else {
                tags.addAll(words(head[i]));
                String[] withAndWithout = cells[i].split("no (?=`)", 2);
                tags.addAll(words(withAndWithout[0]));
                if (withAndWithout.length > 1) {
                    tags.removeAll(words(withAndWithout[1]));
                }
            }
        }
        Set<String> values = words(cells[head.length - 1]);
        values.removeAll(tags);
        String first = "";
        for (String name : words(cells[0])) {
            String whole = name.startsWith(".") ? first.substring(0, first.lastIndexOf('.')) + name : name;
            first = whole;
            assertThat(documented.put(whole, new Row(cells[1], tags, stores, values)))
                    .as("another row of " + whole)
                    .isNull();
        }
    }

    private static Set<String> words(String cell) {
        return WORD.matcher(cell)
                .results()
                .map(word -> word.group(1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @BeforeAll
    static void look() {
        ApplicationContextRunner contexts = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        StanchionAutoConfiguration.class,
                        StanchionRedisAutoConfiguration.class,
                        StanchionMetricsAutoConfiguration.class,
                        MetricsAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class)
                .withBean(Shop.class);
        look(contexts.withPropertyValues("stanchion.store=memory"));
        look(contexts.withPropertyValues(
                "stanchion.store=redis",
                "stanchion.redis.uri=" + RedisUnderTest.uri(),
                "stanchion.key-prefix=" + RedisUnderTest.prefix(),
                "stanchion.redis.command-timeout=20s"));
    }

    private static void look(ApplicationContextRunner contexts) {
        contexts.run(context -> {
            context.getBean(Shop.class).buy();
            for (Meter meter : context.getBean(MeterRegistry.class).getMeters()) {
                if (meter.getId().getName().startsWith("stanchion.")) {
                    found.merge(meter.getId().getName(), row(meter.getId()), DocumentedMetersTest::both);
                }
            }
        });
    }

    private static Row row(Meter.Id meter) {
        Row row = new Row(
                meter.getType().name().toLowerCase(Locale.ROOT), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        for (Tag tag : meter.getTags()) {
            row.tags.add(tag.getKey());
            if (tag.getKey().equals("store")) {
                row.stores.add(tag.getValue().replace("local", "memory"));
            } else if (VALUED.contains(tag.getKey())) {
                row.values.add(tag.getValue());
            }
        }
        return row;
    }

    private static Row both(Row one, Row other) {
        assertThat(one.type).isEqualTo(other.type);
        assertThat(one.tags).isEqualTo(other.tags);
        one.stores.addAll(other.stores);
        one.values.addAll(other.values);
        return one;
    }

    @Test
    void metersAreThoseThatExist() {
        assertThat(documented.keySet()).isEqualTo(found.keySet());
    }

    @Test
    void typesTagsAndStoresAreThoseOfTheMeters() {
        found.forEach((name, row) -> assertThat(documented(name))
                .as(name)
                .extracting(Row::type, Row::tags, Row::stores)
                .containsExactly(row.type, row.tags, row.stores));
    }

    @Test
    void valuesOfOutcomesAndReasonsAreThoseOfTheMeters() {
        assertThat(found.values()).filteredOn(row -> !row.values.isEmpty()).hasSizeGreaterThan(6);
        found.forEach((name, row) -> {
            Set<String> told = documented(name).values;
            if (told.isEmpty() && !row.values.isEmpty()) {
                // "See below": the decisions, whose outcomes and sources are explained in a paragraph.
                assertThat(words(text)).as(name).containsAll(row.values);
            } else {
                assertThat(told).as(name).isEqualTo(row.values);
            }
        });
    }

    private static Row documented(String name) {
        assertThat(documented).containsKey(name);
        return documented.get(name);
    }

    static class Shop {

        @RateLimited(limit = "100/1m")
        @WithLock(name = "shop")
        public void buy() {}
    }
}
