package io.github.stanchion.spring.actuate;

import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.store.AtomicStore;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What there is to say about the store, and about the memory that decides while a shared store is away; thread-safe. */
public final class StoreReport {

    private final String type;
    private final AtomicStore store;
    private final AtomicStore local;

    /**
     * @param type the store's name in settings, as in {@code memory}
     * @param local may be the store itself
     */
    public StoreReport(String type, AtomicStore store, AtomicStore local) {
        this.type = type;
        this.store = store;
        this.local = local;
    }

    Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>(health());
        details.put(
                "capabilities",
                store.capabilities().stream()
                        .map(capability -> kebab(capability.name()))
                        .sorted()
                        .toList());
        return details;
    }

    /** What matters to health: how full memory is. */
    Map<String, Object> health() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("type", type);
        if (store instanceof MemoryStore memory) {
            details.putAll(fill(memory));
        }
        if (local != store && local instanceof MemoryStore memory) {
            details.put("local", fill(memory));
        }
        return details;
    }

    private static Map<String, Object> fill(MemoryStore memory) {
        MemoryStore.Stats stats = memory.stats();
        Map<String, Object> fill = new LinkedHashMap<>();
        fill.put("keys", stats.keys());
        fill.put("maxKeys", stats.maxKeys());
        fill.put("pressure", kebab(stats.pressure().name()));
        return fill;
    }

    private static String kebab(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
