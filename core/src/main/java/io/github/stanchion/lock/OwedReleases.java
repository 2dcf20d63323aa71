package io.github.stanchion.lock;

import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionStage;

/**
 * Sends what could not be sent when a lock was given back, until it is heard or the lock has run out by itself.
 *
 * <p>Thread-safe; blocks nobody.
 */
final class OwedReleases {

    private static final Logger LOG = System.getLogger(OwedReleases.class.getName());
    private static final long FIRST_PAUSE = 100_000;

    private final Sleeper sleeper;
    private final LeaseClock clock;
    private final LockLines lines;
    private volatile boolean closed;

    OwedReleases(Sleeper sleeper, LeaseClock clock, LockLines lines) {
        this.sleeper = sleeper;
        this.clock = clock;
        this.lines = lines;
    }

    void release(AtomicStore store, StoreKey key, Operation<LockReleased> operation, long spanMicros) {
        send(store, key, operation, clock.nanos() + spanMicros * 1_000, FIRST_PAUSE);
    }

    private void send(
            AtomicStore store, StoreKey key, Operation<LockReleased> operation, long untilNanos, long pauseMicros) {
        CompletionStage<?> unused = store.executeAsync(key, operation).whenComplete((released, trouble) -> {
            if (trouble == null && released.wokenSelf()) {
                lines.wake(key);
            }
            if (trouble == null || closed || trouble.getCause() instanceof StoreClosedException) {
                return;
            }
            LOG.log(Level.DEBUG, "A lock could not be given back yet", trouble);
            if (clock.nanos() + pauseMicros * 1_000 - untilNanos < 0) {
                CompletionStage<?> unusedAgain = sleeper.sleepAsync(pauseMicros)
                        .thenRun(() -> send(store, key, operation, untilNanos, pauseMicros * 2));
            }
        });
    }

    void close() {
        closed = true;
    }
}
