package io.github.stanchion.redis;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lock as {@link LockWorker}s use it: ours, or another whose faults the same proof must find.
 *
 * <p>Thread-safe. An implementation has a public constructor of {@code (String uri, String prefix, Duration lease)}.
 */
public interface DrivenLock extends AutoCloseable {

    /**
     * Waits for the lock.
     *
     * @return null if it was refused, or not granted in time
     * @throws RuntimeException if nobody knows
     */
    @Nullable
    Grip acquire(String key, Duration wait);

    /** Waits for the locks of all these keys, or none; else as {@link #acquire}. Not every lock can. */
    default @Nullable Grip acquireAll(List<String> keys, Duration wait) {
        throw new UnsupportedOperationException("Lock cannot be taken together with others");
    }

    @Override
    void close();

    /** The lock in one's hands, or several that were taken together. */
    interface Grip {

        /** That of the lock of this key; 0 if it has none. */
        long token(String key);

        /** The {@link System#nanoTime()} at which the lease ends, as its holder counts it now. */
        long leaseEnd();

        boolean isHeld();

        /**
         * Gives the lock back.
         *
         * @return false if it was not held any more
         * @throws RuntimeException if nobody knows
         */
        boolean release();
    }
}
