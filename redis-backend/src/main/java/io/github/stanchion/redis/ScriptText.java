package io.github.stanchion.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Composes the text of scripts from their parts, which lie beside this class: a frame that reads and writes, and the twins of
 * the operations it runs, {@code rate_bucket.lua} for {@code rate.bucket}.
 *
 * <p>A line {@code --include x.lua} stands for the text of that part, so that twins of one family share code and a script holds
 * nothing it does not need. Immutable; reads resources at each call.
 */
final class ScriptText {

    private static final Pattern INCLUDE = Pattern.compile("(?m)^ *--include ([a-z_]+\\.lua)$");

    private final String keyPrefix;
    private final Function<String, @Nullable String> parts;

    /** @param keyPrefix begins the channels that signals are published to */
    ScriptText(String keyPrefix) {
        this(keyPrefix, ScriptText::resource);
    }

    /** @param parts the text of a part by its file name, null if there is none */
    ScriptText(String keyPrefix, Function<String, @Nullable String> parts) {
        this.keyPrefix = keyPrefix;
        this.parts = parts;
    }

    /** One operation with so many numbers, on one key. */
    String single(String operation, int numbers) {
        return twin(operation) + frame("run.lua").replace("$NUMBERS", ">" + "d".repeat(numbers));
    }

    /** Any steps of these operations, called by their position in the list, from 1. */
    String several(String frame, List<String> operations) {
        StringBuilder text = new StringBuilder("local twins = {}\n");
        for (int i = 0; i < operations.size(); i++) {
            text.append("do\n").append(twin(operations.get(i)));
            text.append("twins[").append(i + 1).append("] = apply\nend\n");
        }
        return text.append(frame(frame)).toString();
    }

    private String twin(String operation) {
        String file = twinFile(operation);
        String text = parts.apply(file);
        if (text == null) {
            throw new IllegalArgumentException("Operation '" + operation
                    + "' has no twin for Redis; put its Lua form on the class path as " + path(file));
        }
        return included(text);
    }

    static String twinFile(String operation) {
        return operation.replace('.', '_').replace('-', '_') + ".lua";
    }

    private String frame(String file) {
        return part(file).replace("$PREFIX", keyPrefix);
    }

    private String part(String file) {
        String text = parts.apply(file);
        if (text == null) {
            throw new IllegalStateException("Part '" + path(file) + "' of a script is missing from the class path");
        }
        return included(text);
    }

    private String included(String text) {
        return INCLUDE.matcher(text)
                .replaceAll(include ->
                        Matcher.quoteReplacement(part(include.group(1)).stripTrailing()));
    }

    private static String path(String file) {
        return "/io/github/stanchion/redis/" + file;
    }

    static @Nullable String resource(String file) {
        try (InputStream in = ScriptText.class.getResourceAsStream(path(file))) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Part '" + path(file) + "' of a script cannot be read", unreadable);
        }
    }
}
