package io.github.stanchion.benchmarks.locks;

/**
 * How one process locks, with a client of its own; thread-safe.
 *
 * <p>It does nothing but that: the locks that proofs drive ask once more after a release, which would be measured too.
 */
interface LockSide extends AutoCloseable {

    /** Waits until the lock of this name is the caller's. */
    Held take(String lock) throws InterruptedException;

    @Override
    void close();

    /** A lock that is held, by the thread that took it. */
    interface Held {
        void free();
    }
}
