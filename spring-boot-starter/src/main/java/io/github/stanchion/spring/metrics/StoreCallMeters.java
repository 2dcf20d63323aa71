package io.github.stanchion.spring.metrics;

import io.github.stanchion.spring.store.CallTimer;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreUnreachableException;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Times the calls of a store that lies elsewhere, by operation and outcome. Thread-safe. */
public final class StoreCallMeters implements MeterBinder, CallTimer {

    private final List<Timers> registries = new CopyOnWriteArrayList<>();
    private final String store;

    /** @param store tells stores of one process apart */
    public StoreCallMeters(String store) {
        this.store = store;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        registries.add(new Timers(registry));
    }

    @Override
    public long now() {
        return Clock.SYSTEM.monotonicTime();
    }

    @Override
    public void ended(String operation, long began, @Nullable Throwable failure) {
        long took = now() - began;
        Outcome outcome = Outcome.of(failure);
        for (Timers timers : registries) {
            timers.of(operation, outcome).record(took, TimeUnit.NANOSECONDS);
        }
    }

    private enum Outcome {
        ANSWERED,
        UNREACHABLE,
        UNKNOWN,
        FAILED;

        static Outcome of(@Nullable Throwable failure) {
            if (failure == null) {
                return ANSWERED;
            }
            if (failure instanceof CompletionException && failure.getCause() != null) {
                return of(failure.getCause());
            }
            if (failure instanceof StoreUnreachableException) {
                return UNREACHABLE;
            }
            return failure instanceof StoreException trouble && trouble.outcomeUnknown() ? UNKNOWN : FAILED;
        }
    }

    /** The timers in one registry, those of an operation from its first call on. */
    private final class Timers {

        private final MeterRegistry registry;
        private final Map<String, Map<Outcome, Timer>> byOperation = new ConcurrentHashMap<>();

        Timers(MeterRegistry registry) {
            this.registry = registry;
        }

        Timer of(String operation, Outcome outcome) {
            Map<Outcome, Timer> known = byOperation.get(operation);
            if (known == null) {
                known = byOperation.computeIfAbsent(operation, this::register);
            }
            return Objects.requireNonNull(known.get(outcome), "All outcomes have timers");
        }

        private Map<Outcome, Timer> register(String operation) {
            Map<Outcome, Timer> timers = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                timers.put(
                        outcome,
                        Timer.builder("stanchion.store.calls")
                                .description("Calls of the store, until they were answered or given up")
                                .tags("store", store, "operation", operation)
                                .tags("outcome", outcome.name().toLowerCase(Locale.ROOT))
                                .register(registry));
            }
            return timers;
        }
    }
}
