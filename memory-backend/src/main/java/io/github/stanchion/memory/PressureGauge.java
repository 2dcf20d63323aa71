package io.github.stanchion.memory;

import io.github.stanchion.memory.MemoryStore.Pressure;
import io.github.stanchion.memory.MemoryStore.PressureListener;
import io.github.stanchion.store.KeySpace;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * Watches how full a store is and tells once when that gets worse, and once when it is over.
 *
 * <p>Thread-safe. It relaxes at sweeps alone, so that a store that hovers at a limit warns once a sweep at most.
 */
final class PressureGauge {

    private static final System.Logger LOG = System.getLogger(MemoryStore.class.getName());

    private final long maxKeys;
    private final long crowdedFrom;
    private final PressureListener listener;
    private final AtomicReference<Pressure> pressure = new AtomicReference<>(Pressure.RELAXED);
    private final LongAdder overflowed = new LongAdder();
    private final LongAdder refused = new LongAdder();

    PressureGauge(long maxKeys, PressureListener listener) {
        this.maxKeys = maxKeys;
        this.crowdedFrom = maxKeys - maxKeys / 5;
        this.listener = listener;
    }

    /** A key was added; the store now holds {@code keys}. */
    void added(long keys) {
        if (keys >= crowdedFrom
                && pressure.get() == Pressure.RELAXED
                && pressure.compareAndSet(Pressure.RELAXED, Pressure.CROWDED)) {
            LOG.log(
                    Level.WARNING,
                    () -> "The memory store holds " + keys + " of at most " + maxKeys
                            + " keys; raise stanchion.memory.max-keys before new keys have to share limits");
            tell(Pressure.CROWDED);
        }
    }

    /** A new key of {@code space} joined the overflow subject. */
    void overflowed(KeySpace space) {
        overflowed.increment();
        full(space, "new keys share one subject for each policy");
    }

    /** A new key of {@code space} was refused. */
    void refused(KeySpace space) {
        refused.increment();
        full(space, "new keys are refused");
    }

    private void full(KeySpace space, String consequence) {
        if (pressure.get() != Pressure.OVERFLOWING
                && pressure.getAndSet(Pressure.OVERFLOWING) != Pressure.OVERFLOWING) {
            LOG.log(
                    Level.WARNING,
                    () -> "The memory store is full of live state, " + maxKeys + " keys; " + consequence
                            + ", first for " + space.kind() + " '" + space.name()
                            + "'. Raise stanchion.memory.max-keys");
            tell(Pressure.OVERFLOWING);
        }
    }

    /** The table was swept; the store now holds {@code keys}. */
    void swept(long keys) {
        if (keys < crowdedFrom && pressure.get() != Pressure.RELAXED) {
            pressure.set(Pressure.RELAXED);
            tell(Pressure.RELAXED);
        }
    }

    private void tell(Pressure now) {
        try {
            listener.onPressure(now);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A listener to the memory store's pressure failed; it must not throw", e);
        }
    }

    Pressure pressure() {
        return Objects.requireNonNull(pressure.get());
    }

    long overflowed() {
        return overflowed.sum();
    }

    long refused() {
        return refused.sum();
    }
}
