package io.github.stanchion.spring.store;

import java.util.Map;

/** Looks at a store that lies elsewhere, for health and the endpoint. Thread-safe. */
public interface StoreInspection {

    /** Looks now; blocks for at most the store's command timeout. */
    Finding look();

    /**
     * What a look found.
     *
     * @param available whether the store can be worked with, as far as is known
     * @param details for people: names and figures, no keys and no credentials
     */
    record Finding(boolean available, Map<String, Object> details) {}
}
