package io.github.stanchion.spring.actuate;

import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.spring.store.StoreInFront;
import io.github.stanchion.spring.store.StoreInspection;
import io.github.stanchion.store.AtomicStore;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What there is to say about the store, and about the memory that decides while a shared store is away; thread-safe. */
public final class StoreReport {

    private final String type;
    private final AtomicStore store;
    private final AtomicStore local;
    private final @Nullable StoreInspection inspection;

    /**
     * @param type the store's name in settings, as in {@code memory}
     * @param local may be the store itself
     * @param inspection of a store that lies elsewhere; null = there is nothing to look at
     */
    public StoreReport(String type, AtomicStore store, AtomicStore local, @Nullable StoreInspection inspection) {
        this.type = type;
        this.store = store;
        this.local = local;
        this.inspection = inspection;
    }

    /** What there is to say; looks at the store now, for at most its command timeout. */
    Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>(look().details());
        details.put(
                "capabilities",
                store.capabilities().stream()
                        .map(capability -> kebab(capability.name()))
                        .sorted()
                        .toList());
        return details;
    }

    /** Whether the store can be worked with, and what matters to health; looks at it now, for at most its command timeout. */
    StoreInspection.Finding look() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("type", type);
        boolean available = true;
        if (inspection != null) {
            StoreInspection.Finding finding = inspection.look();
            available = finding.available();
            details.putAll(finding.details());
        }
        if (StoreInFront.real(store) instanceof MemoryStore memory) {
            details.putAll(fill(memory));
        }
        if (local != store && local instanceof MemoryStore memory) {
            details.put("local", fill(memory));
        }
        return new StoreInspection.Finding(available, details);
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
