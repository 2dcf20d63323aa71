package io.github.stanchion.store;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A store's clock: microseconds since 1970-01-01T00:00Z.
 *
 * <p>Thread-safe. Tests drive stores with a clock of their own.
 */
@FunctionalInterface
public interface MicroClock {

    long micros();

    /** Whether it never goes back; false unless it is known. */
    default boolean isSteady() {
        return false;
    }

    /**
     * The clock of this process: {@link System#nanoTime} plus an offset to the wall clock that is fixed now.
     *
     * <p>It never steps, whatever happens to the wall clock afterwards.
     */
    static MicroClock system() {
        Instant wall = Instant.now();
        long offsetNanos = TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano() - System.nanoTime();
        return new MicroClock() {
            @Override
            public long micros() {
                return (System.nanoTime() + offsetNanos) / 1_000;
            }

            @Override
            public boolean isSteady() {
                return true;
            }
        };
    }
}
