package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.StoreType;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** A module with a store that an application may have on its class path or not. */
enum Backend {
    REDIS(StoreType.REDIS, "io.github.stanchion.redis.RedisStore"),
    JDBC(StoreType.JDBC, "io.github.stanchion.jdbc.JdbcStore");

    private final StoreType type;
    private final String storeClass;

    Backend(StoreType type, String storeClass) {
        this.type = type;
        this.storeClass = storeClass;
    }

    /** Null for memory, which is always there. */
    static @Nullable Backend of(StoreType type) {
        for (Backend backend : values()) {
            if (backend.type == type) {
                return backend;
            }
        }
        return null;
    }

    boolean isPresent(@Nullable ClassLoader classes) {
        return ClassUtils.isPresent(storeClass, classes);
    }

    /** What to add to a build. */
    String module() {
        return "io.github.stanchion:stanchion-" + Names.kebab(name()) + "-backend";
    }

    /** Refuses its settings where it is not there: whoever wrote them believes that it is. */
    void checkSettings(Environment environment, @Nullable ClassLoader classes) {
        if (isPresent(classes)) {
            return;
        }
        ConfigurationPropertyName settings =
                ConfigurationPropertyName.of(StanchionProperties.PREFIX + "." + Names.kebab(name()));
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.containsDescendantOf(settings) == ConfigurationPropertyState.PRESENT) {
                throw new GuardConfigurationException(
                        "Properties under " + settings + " belong to the " + Names.kebab(name())
                                + " backend, which is not on the class path",
                        "Add the module " + module() + ", or remove them.");
            }
        }
    }
}
