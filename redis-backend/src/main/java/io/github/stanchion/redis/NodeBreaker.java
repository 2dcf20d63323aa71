package io.github.stanchion.redis;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Whether a server counts as reachable: opened by the first time-out or cut, closed by the first probe that succeeds.
 *
 * <p>Thread-safe. It knows no clock: it says how long to wait for the next probe, from 100 ms, doubling to 1 s, each give
 * or take a fifth, so that the processes of an application do not probe in step.
 */
final class NodeBreaker {

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final DoubleSupplier random;
    private long waitNanos;
    private volatile boolean open;

    /** @param random draws from 0 to 1 */
    NodeBreaker(DoubleSupplier random) {
        this.random = random;
    }

    boolean isOpen() {
        return open;
    }

    /** A call failed; true if that opened the breaker, and a probe is to be made after {@link #nextProbe}. */
    synchronized boolean opened() {
        if (open) {
            return false;
        }
        waitNanos = 0;
        open = true;
        return true;
    }

    /** How long to wait until the next probe. */
    synchronized long nextProbe() {
        waitNanos = waitNanos == 0 ? FIRST_NANOS : Math.min(LONGEST_NANOS, 2 * waitNanos);
        double spread = 0.8 + 0.4 * random.getAsDouble();
        return Math.min(LONGEST_NANOS, (long) (waitNanos * spread));
    }

    /** A probe succeeded; true if that closed the breaker. */
    synchronized boolean closed() {
        boolean was = open;
        open = false;
        return was;
    }
}
