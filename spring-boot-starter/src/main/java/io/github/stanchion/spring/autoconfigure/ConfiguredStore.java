package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.StoreType;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A store that an application has beside memory; a bean of the auto-configuration of its backend.
 *
 * @param by why it is taken, as in {@code property spring.data.redis.url}
 */
record ConfiguredStore(StoreType type, String by) {

    /** Refuses to choose between several. */
    static void requireOne(List<ConfiguredStore> configured) {
        if (configured.size() > 1) {
            String all = configured.stream()
                    .map(store -> Names.kebab(store.type.name()) + " (" + store.by + ")")
                    .sorted()
                    .collect(Collectors.joining(" and "));
            throw new GuardConfigurationException(
                    "Stores " + all + " are both configured, and state is kept in one",
                    "Set stanchion.store to the one that is meant.");
        }
    }
}
