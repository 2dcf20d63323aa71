package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.StoreType;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.MicroClock;

/** Makes the store of applications that bring none, and names stores in reports. */
final class Stores {

    private Stores() {}

    static MemoryStore memory(StanchionProperties properties, MicroClock clock) {
        StoreType chosen = properties.store();
        if (chosen != null && chosen != StoreType.MEMORY) {
            String name = Names.kebab(chosen.name());
            throw new GuardConfigurationException(
                    "Property stanchion.store is '" + name + "', and there is no " + name + " store",
                    "Add the module of the " + name + " backend, or remove the property to keep state in memory.");
        }
        return memoryBuilder(properties, clock).build();
    }

    static MemoryStore.Builder memoryBuilder(StanchionProperties properties, MicroClock clock) {
        try {
            return MemoryStore.builder()
                    .clock(clock)
                    .maxKeys(properties.memory().maxKeys())
                    .sweepInterval(properties.memory().sweepInterval());
        } catch (IllegalArgumentException wrong) {
            throw new GuardConfigurationException(
                    "Settings under stanchion.memory cannot work: " + wrong.getMessage(),
                    "Correct stanchion.memory.max-keys or stanchion.memory.sweep-interval.",
                    wrong);
        }
    }

    /** {@code memory} for a {@code MemoryStore}. */
    static String name(AtomicStore store) {
        String type = store.getClass().getSimpleName();
        return Names.kebab(type.endsWith("Store") ? type.substring(0, type.length() - "Store".length()) : type);
    }
}
