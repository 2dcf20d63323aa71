package io.github.stanchion.spring.autoconfigure;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;

/** Says where a property was set. */
final class Origins {

    private Origins() {}

    /** As in {@code Property stanchion.memory.max-keys '0' (class path resource [application.yml] - 3:5)}. */
    static String describe(ConfigurationProperty property) {
        Origin origin = property.getOrigin();
        String text = "Property " + property.getName() + " '" + property.getValue() + "'";
        return origin == null ? text : text + " (" + origin + ")";
    }
}
