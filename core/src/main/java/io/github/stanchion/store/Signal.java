package io.github.stanchion.store;

import java.util.List;

/**
 * News that leaves the store with a transition.
 *
 * @param kind the kind of guard it concerns, as in a {@link KeySpace}
 * @param topic what it concerns within the kind; never a raw key
 * @param details at most eight numbers, exact on every store
 */
public record Signal(String kind, String topic, List<Long> details) {

    public Signal {
        details = List.copyOf(details);
        if (details.size() > 8) {
            throw new IllegalArgumentException(
                    "Details of a signal '" + details.size() + "' are too many; send at most 8 numbers");
        }
        for (long detail : details) {
            Exact.require("Detail of a signal", detail);
        }
    }
}
