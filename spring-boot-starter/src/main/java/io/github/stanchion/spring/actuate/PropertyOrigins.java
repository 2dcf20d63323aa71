package io.github.stanchion.spring.actuate;

import io.github.stanchion.spring.metrics.PolicyReload;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * In which file and line, or in what else, properties of policies stand: as of the start, or of the last reload that has been
 * applied, whatever the files say since. Thread-safe.
 */
public final class PropertyOrigins implements ApplicationListener<PayloadApplicationEvent<PolicyReload>> {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("stanchion");
    private static final String LIMIT = ".limit";
    private static final String MODE = ".mode";

    private final ConfigurableEnvironment environment;
    private volatile Map<String, String> origins;

    public PropertyOrigins(ConfigurableEnvironment environment) {
        this.environment = environment;
        this.origins = read();
    }

    @Override
    public void onApplicationEvent(PayloadApplicationEvent<PolicyReload> event) {
        if (event.getPayload().applied()) {
            origins = read();
        }
    }

    /** Adds to each property where it stands; what is an annotation's stays as it is, what stands nowhere goes. */
    Map<String, String> located(Map<String, String> bySetting) {
        Map<String, String> located = new LinkedHashMap<>();
        bySetting.forEach((setting, origin) -> {
            String text = origin.startsWith("@") ? origin : property(origin);
            if (text != null) {
                located.put(setting, text);
            }
        });
        return located;
    }

    /** A limit may stand in short, as the policy itself; the mode is also that of all kinds. */
    private @Nullable String property(String name) {
        Map<String, String> now = origins;
        String origin = now.get(canonical(name));
        if (origin == null && name.endsWith(LIMIT)) {
            return now.get(canonical(name.substring(0, name.length() - LIMIT.length())));
        }
        return origin == null && name.endsWith(MODE) ? now.get(canonical(PREFIX + MODE)) : origin;
    }

    private Map<String, String> read() {
        Map<String, String> read = new HashMap<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource all) {
                all.stream().filter(PREFIX::isAncestorOf).forEach(name -> {
                    ConfigurationProperty property = all.getConfigurationProperty(name);
                    if (property != null) {
                        put(read, name, property);
                    }
                });
            }
        }
        return read;
    }

    /** Lists and objects stand where their first element does. */
    private static void put(Map<String, String> read, ConfigurationPropertyName name, ConfigurationProperty property) {
        String text = property.getOrigin() == null ? name.toString() : name + " (" + property.getOrigin() + ")";
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            path.append(canonical(name.getElement(i, Form.ORIGINAL)));
            read.putIfAbsent(path.toString(), text);
        }
    }

    private static String canonical(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }
}
