package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** Says what is wrong with keys that nothing was bound to. */
final class UnknownKeys {

    private static final Set<String> LATER =
            Set.of("jdbc", "brute-force-guards", "circuit-breakers", "versions", "versioning", "metrics", "secret");

    /** What is given by name. */
    private static final Set<Class<?>> POLICIES = Set.of(RateLimitProperties.class, LockProperties.class);

    private UnknownKeys() {}

    /** What the keys are, where they stand, and what was probably meant. */
    static GuardConfigurationException explain(UnboundConfigurationPropertiesException trouble) {
        StringJoiner description = new StringJoiner("\n");
        StringJoiner action = new StringJoiner("\n");
        for (ConfigurationProperty key : trouble.getUnboundProperties()) {
            description.add(Origins.describe(key) + " is unknown");
            action.add(remedy(key.getName()));
        }
        return new GuardConfigurationException(description.toString(), action.toString(), trouble);
    }

    private static String remedy(ConfigurationPropertyName key) {
        Class<?> type = StanchionProperties.class;
        List<String> path = new ArrayList<>(List.of(StanchionProperties.PREFIX));
        for (int i = 1; i < key.getNumberOfElements(); i++) {
            String element = key.getElement(i, Form.DASHED);
            RecordComponent component = component(type, element);
            if (component == null) {
                return unknown(type, element, path, key);
            }
            path.add(Names.key(component));
            type = component.getType();
            if (Map.class.isAssignableFrom(type)) {
                i++;
                if (i < key.getNumberOfElements()) {
                    path.add(key.getElement(i, Form.ORIGINAL));
                }
                type = valueType(component);
            } else if (!type.isRecord() && i + 1 < key.getNumberOfElements()) {
                return "Key '" + String.join(".", path) + "' takes a value and has no keys below it.";
            }
        }
        return "Key '" + String.join(".", path.subList(0, Math.min(3, path.size())))
                + "' has a short form ('100/1m') too, perhaps in another file; keep one of the forms.";
    }

    private static String unknown(Class<?> type, String element, List<String> path, ConfigurationPropertyName key) {
        if (type == StanchionProperties.class && LATER.contains(element)) {
            return "Key '" + StanchionProperties.PREFIX + "." + element
                    + "' belongs to a part that this version of Stanchion does not have; remove the key.";
        }
        List<String> known = Arrays.stream(type.getRecordComponents())
                .map(component -> Names.key(component))
                .sorted()
                .toList();
        String dotted = POLICIES.contains(type) && key.getNumberOfElements() > path.size() + 1
                ? " A name with dots stands in brackets: '" + path.get(0) + "." + path.get(1) + ".\"[" + path.get(2)
                        + "." + element + "]\"'."
                : "";
        return Names.meant(element, known) + "Below '" + String.join(".", path) + "' there are "
                + String.join(", ", known) + "." + dotted;
    }

    private static @Nullable RecordComponent component(Class<?> type, String element) {
        String canonical = Names.canonical(element);
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> Names.canonical(Names.key(component)).equals(canonical))
                .findFirst()
                .orElse(null);
    }

    private static Class<?> valueType(RecordComponent map) {
        Type value = ((ParameterizedType) map.getGenericType()).getActualTypeArguments()[1];
        return (Class<?>) value;
    }
}
