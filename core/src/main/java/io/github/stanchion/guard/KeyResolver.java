package io.github.stanchion.guard;

import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the key expressions of one guard on one method: who is the subject of a call.
 *
 * <p>Immutable and thread-safe. Texts, numbers, enums, UUIDs, addresses and every type with a {@code toString} of its own are
 * accepted; arrays, collections, maps and types that print as {@code Type@1b2c3d} are not.
 */
public final class KeyResolver {

    private final String[] texts;
    private final GuardExpression[] expressions;

    private KeyResolver(String[] texts, GuardExpression[] expressions) {
        this.texts = texts;
        this.expressions = expressions;
    }

    /**
     * Compiles key expressions for a method.
     *
     * @param texts at least one; several name the subject together
     * @param origin names the attribute or property for messages
     * @throws GuardConfigurationException if one is no expression
     */
    public static KeyResolver of(
            List<String> texts, GuardedMethod method, GuardExpressions expressions, String origin) {
        return new KeyResolver(
                texts.toArray(String[]::new),
                texts.stream()
                        .map(text -> expressions.compile(text, method, origin))
                        .toArray(GuardExpression[]::new));
    }

    /**
     * What names the subject of this call, null if one of the expressions comes to null or to an empty {@code Optional}.
     *
     * @throws IllegalArgumentException if a value cannot be part of a key; the message names expression and type, never the
     *     value
     */
    public @Nullable List<String> parts(GuardedCall call) {
        if (expressions.length == 1) {
            String only = part(0, call);
            return only == null ? null : List.of(only);
        }
        List<String> parts = new ArrayList<>(expressions.length);
        for (int i = 0; i < expressions.length; i++) {
            String part = part(i, call);
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return parts;
    }

    /**
     * The key of this call's subject, null if there is none.
     *
     * @param tag names the cluster slot; null for the space's own rule
     * @throws IllegalArgumentException as for {@link #parts}
     */
    public @Nullable StoreKey key(KeySpace space, @Nullable String tag, GuardedCall call) {
        if (expressions.length == 1 && tag == null) {
            String only = part(0, call);
            return only == null ? null : space.key(only);
        }
        List<String> parts = parts(call);
        return parts == null ? null : space.taggedKey(tag, parts);
    }

    /**
     * The text by which a value takes part in a key, null if the value is null or an empty {@code Optional}.
     *
     * @param what names the value in the message
     * @throws IllegalArgumentException if its text would not tell one subject from another
     */
    public static @Nullable String part(@Nullable Object value, String what) {
        return KeyParts.part(value, what);
    }

    private @Nullable String part(int index, GuardedCall call) {
        return KeyParts.part(expressions[index].evaluate(call, null), texts[index]);
    }
}
