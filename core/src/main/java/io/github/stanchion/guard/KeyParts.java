package io.github.stanchion.guard;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns values into parts of keys: only values whose text says what they are. */
final class KeyParts {

    private enum Form {
        TEXT,
        ENUM,
        ADDRESS,
        OPTIONAL,
        REFUSED
    }

    private static final ClassValue<Form> FORMS = new ClassValue<>() {
        @Override
        protected Form computeValue(Class<?> type) {
            return formOf(type);
        }
    };

    private KeyParts() {}

    private static Form formOf(Class<?> type) {
        if (Optional.class == type) {
            return Form.OPTIONAL;
        }
        if (Enum.class.isAssignableFrom(type)) {
            return Form.ENUM;
        }
        if (InetAddress.class.isAssignableFrom(type)) {
            return Form.ADDRESS;
        }
        boolean text = CharSequence.class.isAssignableFrom(type)
                || Number.class.isAssignableFrom(type)
                || type == Boolean.class
                || type == Character.class
                || type == UUID.class;
        boolean many = type.isArray() || Iterable.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        return text || !many && hasOwnText(type) ? Form.TEXT : Form.REFUSED;
    }

    private static boolean hasOwnText(Class<?> type) {
        try {
            return type.getMethod("toString").getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The text of a value, null if the value is null or an empty {@link Optional}.
     *
     * @param expression what the value came from, for the message
     * @throws IllegalArgumentException if the value's text would not say what it is; the message shows no value
     */
    static @Nullable String part(@Nullable Object value, String expression) {
        if (value instanceof String text) {
            return text;
        }
        if (value == null) {
            return null;
        }
        return switch (FORMS.get(value.getClass())) {
            case TEXT -> value.toString();
            case ENUM -> ((Enum<?>) value).name();
            case ADDRESS -> ((InetAddress) value).getHostAddress();
            case OPTIONAL -> part(((Optional<?>) value).orElse(null), expression);
            case REFUSED ->
                throw new IllegalArgumentException("Key '" + expression + "' is of type "
                        + value.getClass().getTypeName()
                        + ", whose text does not tell one subject from another; use a property of it,"
                        + " or several keys");
        };
    }
}
