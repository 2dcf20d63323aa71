package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.spring.autoconfigure.RateLimitProperties.LeaseProperties;
import io.github.stanchion.spring.autoconfigure.RateLimitProperties.PlanProperties;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** The tables of {@code docs/properties.md} list all keys with the types and defaults that they have, and no others. */
class DocumentedPropertiesTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "properties.md");
    private static final Path METADATA = Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\| ([^|]*) \\| ([^|]+) \\|");
    private static final String NOTHING = "-";

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("java.lang.Boolean", "`true`, `false`"),
            Map.entry("java.lang.Integer", "number"),
            Map.entry("java.lang.Long", "number"),
            Map.entry("java.lang.String", "text"),
            Map.entry("java.net.URI", "URI"),
            Map.entry("java.time.Duration", "duration"),
            Map.entry("java.util.List<java.lang.String>", "list of texts"),
            Map.entry("java.util.List<java.lang.Class<? extends java.lang.Throwable>>", "list of classes"),
            Map.entry("java.util.Map<java.lang.String," + PlanProperties.class.getName() + ">", "plans by name"),
            Map.entry(
                    "java.util.Map<java.lang.String," + RateLimitProperties.class.getName() + ">",
                    "rate limits by name"),
            Map.entry(LeaseProperties.class.getName(), "lease"),
            Map.entry(LockProperties.WaitTime.class.getName(), "duration, `forever`"),
            Map.entry(LockProperties.MaxHold.class.getName(), "duration, `none`"),
            Map.entry("java.util.Map<java.lang.String," + LockProperties.class.getName() + ">", "locks by name"),
            Map.entry(LockProperties.class.getName(), "lock"),
            Map.entry(RateLimitProperties.class.getName(), "rate limit"));

    /** One row of a table, as far as it can be checked. */
    private record Row(String type, String usual) {}

    @Test
    void globalKeysAreThoseOfTheMetadata() throws Exception {
        Map<String, Row> expected = new TreeMap<>();
        for (Map<?, ?> property : metadata()) {
            String name = (String) property.get("name");
            if (name.startsWith(StanchionProperties.PREFIX + ".")) {
                expected.put(name, new Row(word((String) property.get("type")), usual(property.get("defaultValue"))));
            }
        }

        assertThat(rows("All keys")).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void keysOfARateLimitAreThoseThatBind() throws Exception {
        assertThat(typesOf(rows("One rate limit")))
                .containsExactlyInAnyOrderEntriesOf(types(RateLimitProperties.class));
    }

    @Test
    void keysOfALockAreThoseThatBind() throws Exception {
        assertThat(typesOf(rows("One lock"))).containsExactlyInAnyOrderEntriesOf(types(LockProperties.class));
    }

    @Test
    void keysOfAPlanAreThoseThatBind() throws Exception {
        assertThat(typesOf(rows("One plan"))).containsExactlyInAnyOrderEntriesOf(types(PlanProperties.class));
    }

    @Test
    void keysOfALeaseAreThoseThatBind() throws Exception {
        assertThat(typesOf(rows("One lease"))).containsExactlyInAnyOrderEntriesOf(types(LeaseProperties.class));
    }

    private static List<Map<?, ?>> metadata() throws IOException {
        Object properties = JsonParserFactory.getJsonParser()
                .parseMap(Files.readString(METADATA))
                .get("properties");
        return ((List<?>) properties).stream().<Map<?, ?>>map(Map.class::cast).toList();
    }

    private static Map<String, Row> rows(String heading) throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        String section = "";
        for (String line : Files.readAllLines(DOCUMENT)) {
            section = line.startsWith("## ") ? line.substring(3) : section;
            Matcher row = ROW.matcher(line);
            if (section.equals(heading) && row.matches()) {
                Row before = rows.put(row.group(1), new Row(row.group(2), row.group(3)));
                assertThat(before).as("another row of " + row.group(1)).isNull();
            }
        }
        assertThat(rows).as("rows below '## " + heading + "'").isNotEmpty();
        return rows;
    }

    private static Map<String, String> typesOf(Map<String, Row> rows) {
        Map<String, String> types = new TreeMap<>();
        rows.forEach((key, row) -> types.put(key, row.type()));
        return types;
    }

    private static Map<String, String> types(Class<? extends Record> settings) throws ClassNotFoundException {
        Map<String, String> types = new TreeMap<>();
        for (RecordComponent component : settings.getRecordComponents()) {
            Type type = component.getGenericType();
            types.put(Names.key(component), word(type.getTypeName().replace(", ", ",")));
        }
        return types;
    }

    private static String word(String type) throws ClassNotFoundException {
        String known = WORDS.get(type);
        return known != null
                ? known
                : Arrays.stream(Class.forName(type).getEnumConstants())
                        .map(constant -> quoted(Names.kebab(constant.toString()).replace('_', '-')))
                        .collect(Collectors.joining(", "));
    }

    private static String usual(Object value) {
        return value == null ? NOTHING : quoted(value);
    }

    private static String quoted(Object value) {
        return "`" + value + "`";
    }
}
