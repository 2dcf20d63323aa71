package io.github.stanchion.spring.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;

/**
 * Writes problem details as JSON where no message converter is at hand. Pure ASCII, so that no charset can spoil it; values of
 * properties may be texts, numbers, truth values, lists, arrays and maps, else their text is written.
 */
final class ProblemJson {

    private final StringBuilder json = new StringBuilder(256);

    private ProblemJson() {}

    static byte[] write(ProblemDetail problem) {
        ProblemJson writer = new ProblemJson();
        writer.json.append('{');
        writer.member("type", problem.getType());
        writer.member("title", problem.getTitle());
        writer.member("status", problem.getStatus());
        writer.member("detail", problem.getDetail());
        writer.member("instance", problem.getInstance());
        if (problem.getProperties() != null) {
            problem.getProperties().forEach(writer::member);
        }
        writer.json.append('}');
        return writer.json.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void member(String name, @Nullable Object value) {
        if (value != null) {
            separate('{');
            text(name);
            json.append(':');
            value(value);
        }
    }

    private void separate(char open) {
        if (json.charAt(json.length() - 1) != open) {
            json.append(',');
        }
    }

    private void value(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            json.append(value);
        } else if (value instanceof Number number) {
            number(number);
        } else if (value instanceof Map<?, ?> map) {
            json.append('{');
            map.forEach((name, member) -> member(String.valueOf(name), member));
            json.append('}');
        } else if (value instanceof Iterable<?> items) {
            json.append('[');
            for (Object item : items) {
                separate('[');
                value(item);
            }
            json.append(']');
        } else if (value instanceof Object[] items) {
            value(Arrays.asList(items));
        } else {
            text(value.toString());
        }
    }

    private void number(Number number) {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            text(number.toString());
        } else {
            json.append(number);
        }
    }

    private void text(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                json.append(c);
            } else {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        json.append('"');
    }
}
