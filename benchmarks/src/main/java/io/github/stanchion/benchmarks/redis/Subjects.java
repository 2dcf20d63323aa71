package io.github.stanchion.benchmarks.redis;

import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import java.util.ArrayList;
import java.util.List;

/** The subjects of one side: their keys have the same length on all sides, and no two sides share one. */
final class Subjects {

    static final String POLICY = "api";

    private final String prefix;
    private final List<String> names = new ArrayList<>();
    private final List<StoreKey> keys = new ArrayList<>();

    Subjects(String prefix, int count) {
        this.prefix = prefix;
        KeySpace space = KeySpace.of(prefix, "rate-bucket", POLICY);
        for (int i = 0; i < count; i++) {
            String name = "10.1." + (100 + i / 100) + "." + (100 + i % 100);
            names.add(name);
            keys.add(space.key(name));
        }
    }

    String prefix() {
        return prefix;
    }

    int count() {
        return names.size();
    }

    /** As applications name it: an address. */
    String name(int subject) {
        return names.get(subject);
    }

    StoreKey key(int subject) {
        return keys.get(subject);
    }
}
