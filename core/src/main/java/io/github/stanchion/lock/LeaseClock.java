package io.github.stanchion.lock;

import java.util.function.LongSupplier;

/**
 * The clock by which this process counts how long its own leases are good for; nothing that processes share goes by it.
 *
 * <p>Thread-safe.
 */
interface LeaseClock {

    /** Time that only moves forward. */
    long nanos();

    /** The wall clock, which tells a suspended machine. */
    long wallMillis();

    static LeaseClock system() {
        return new LeaseClock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public long wallMillis() {
                return System.currentTimeMillis();
            }
        };
    }

    /** Both clocks show what this one shows: for tests that drive time. */
    static LeaseClock driven(LongSupplier nanos) {
        return new LeaseClock() {
            @Override
            public long nanos() {
                return nanos.getAsLong();
            }

            @Override
            public long wallMillis() {
                return nanos.getAsLong() / 1_000_000;
            }
        };
    }
}
