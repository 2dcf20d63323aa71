package io.github.stanchion.spring.metrics;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.store.MicroClock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers which locks' stores are away. Thread-safe; instants are those of the clock given. */
public final class LockWatch implements GuardListener {

    private final Map<String, Degradation> degradations = new ConcurrentHashMap<>();
    private final MicroClock clock;

    public LockWatch(MicroClock clock) {
        this.clock = clock;
    }

    @Override
    public void onEvent(GuardEvent event) {
        if (event instanceof LockEvent.Degraded degraded) {
            Instant now = Instant.EPOCH.plus(clock.micros(), ChronoUnit.MICROS);
            degradations.put(degraded.name(), new Degradation(degraded.answer(), now));
        } else if (event instanceof LockEvent.Recovered) {
            degradations.remove(event.name());
        }
    }

    @Override
    public boolean hearsCalls() {
        return false;
    }

    /** The locks whose store is away now, by name. */
    public Map<String, Degradation> degradations() {
        return Map.copyOf(degradations);
    }
}
