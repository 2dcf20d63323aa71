package io.github.stanchion.lock;

import io.github.stanchion.store.StoreKey;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The computations that calls of this process share: of each, one call leads and the others wait for it. Thread-safe. */
final class Flights {

    private final Map<StoreKey, Flight> flights = new ConcurrentHashMap<>();

    /** The flight of this lock, led by {@code candidate} if there was none. */
    Flight join(StoreKey lock, Object candidate) {
        return flights.computeIfAbsent(lock, same -> new Flight(candidate));
    }

    /** The flight is over: whoever comes now begins another. */
    void land(StoreKey lock, Flight flight, Landing landing) {
        flights.remove(lock, flight);
        flight.landing.complete(landing);
    }

    boolean isEmpty() {
        return flights.isEmpty();
    }

    /** One computation. */
    static final class Flight {

        private final Object leader;
        private final CompletableFuture<Landing> landing = new CompletableFuture<>();

        private Flight(Object leader) {
            this.leader = leader;
        }

        @SuppressWarnings("ReferenceEquality") // the leader is this very call
        boolean isLedBy(Object candidate) {
            return leader == candidate;
        }

        /** Completes when the flight is over. */
        CompletableFuture<Landing> landing() {
            return landing;
        }
    }

    /** What has come of a flight. */
    sealed interface Landing {

        /** The result, for all. */
        record Value(@Nullable Object value) implements Landing {}

        /** The leader has computed and failed. */
        record Failure(Throwable error) implements Landing {}

        /** The leader has not computed: somebody else has to. */
        record Nothing() implements Landing {}
    }
}
