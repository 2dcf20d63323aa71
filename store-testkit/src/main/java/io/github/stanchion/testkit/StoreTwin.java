package io.github.stanchion.testkit;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Value;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A key of a store, looked at through probes; planted values are never collected, so late collection does not show. */
final class StoreTwin implements Twin {

    private static final StoreKey KEY =
            KeySpace.of("kit-twin", Probe.KIND, "twin").key("walk");

    private final AtomicStore store;
    private final VirtualClock clock;

    StoreTwin(AtomicStore store, VirtualClock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public void plant(@Nullable Value value, long nowMicros) {
        set(nowMicros);
        store.execute(KEY, new Probe.Plant(value, Effect.Put.NEVER, true));
    }

    @Override
    public Outcome run(Operation<?> operation, long nowMicros) {
        set(nowMicros);
        try {
            return new Outcome(store.execute(KEY, operation), null, null);
        } catch (StoreException error) {
            return new Outcome(null, error.getClass(), null);
        }
    }

    @Override
    public @Nullable Value state(long nowMicros) {
        set(nowMicros);
        return store.execute(KEY, new Probe.Read()).value();
    }

    @Override
    public void close() {
        store.close();
    }

    private void set(long nowMicros) {
        clock.set(Instant.EPOCH.plus(nowMicros, ChronoUnit.MICROS));
    }
}
