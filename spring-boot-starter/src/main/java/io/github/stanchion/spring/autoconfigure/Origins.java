package io.github.stanchion.spring.autoconfigure;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/** Says where a property was set. */
final class Origins {

    /** A key as messages name it; one in a bracket may hold anything. */
    private static final Pattern KEY =
            Pattern.compile("(?<![\\w.])" + StanchionProperties.PREFIX + "(?:\\.[A-Za-z0-9_-]+|\\.?\\[[^\\]]+\\])+");

    private Origins() {}

    /** As in {@code Property stanchion.memory.max-keys '0' (class path resource [application.yml] - 3:5)}. */
    static String describe(ConfigurationProperty property) {
        Origin origin = property.getOrigin();
        String text = "Property " + property.getName() + " '" + property.getValue() + "'";
        return origin == null ? text : text + " (" + origin + ")";
    }

    /** Adds to each property that the text names where it was set, if anywhere, unless the text says so. */
    static String locate(String text, Environment environment) {
        return KEY.matcher(text).replaceAll(named -> {
            Origin origin = origin(named.group(), environment);
            String located = origin == null || text.contains(origin.toString()) ? "" : " (" + origin + ")";
            return Matcher.quoteReplacement(named.group() + located);
        });
    }

    private static @Nullable Origin origin(String key, Environment environment) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
        // A short form stands where the object would; a list where its first element does.
        for (ConfigurationPropertyName one : List.of(name, name.append("[0]"), name.getParent())) {
            for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
                ConfigurationProperty property = source.getConfigurationProperty(one);
                if (property != null) {
                    return property.getOrigin();
                }
            }
        }
        return null;
    }
}
