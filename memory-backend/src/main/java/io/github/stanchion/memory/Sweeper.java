package io.github.stanchion.memory;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task at an interval of real time on a daemon thread that lives only while there is something to sweep.
 *
 * <p>Thread-safe. Whoever adds an entry calls {@link #ensureRunning} afterwards; the thread gives up its place before it
 * looks a last time whether everything is empty, so that one of the two sees the other.
 */
final class Sweeper {

    private static final System.Logger LOG = System.getLogger(MemoryStore.class.getName());

    private final Runnable task;
    private final BooleanSupplier empty;
    private final long intervalNanos;
    private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();
    private volatile boolean closed;

    Sweeper(Duration interval, Runnable task, BooleanSupplier empty) {
        this.intervalNanos = interval.toNanos();
        this.task = task;
        this.empty = empty;
    }

    void ensureRunning() {
        if (running.get() == null && !closed) {
            start();
        }
    }

    private void start() {
        Thread thread = new Thread(null, this::run, "stanchion-memory-sweeper", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        if (running.compareAndSet(null, thread)) {
            try {
                thread.start();
            } catch (OutOfMemoryError noThread) {
                // The store works on; the next entry tries again.
                running.set(null);
                LOG.log(Level.WARNING, "No thread to sweep the memory store; expired keys stay for now", noThread);
            }
        }
    }

    private void run() {
        Thread self = Thread.currentThread();
        while (!closed) {
            LockSupport.parkNanos(this, intervalNanos);
            Thread.interrupted(); // an interrupted thread would not park
            if (closed) {
                break;
            }
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "Sweeping the memory store failed; it is tried again later", e);
            }
            if (empty.getAsBoolean()) {
                running.set(null);
                if (empty.getAsBoolean() || !running.compareAndSet(null, self)) {
                    return;
                }
            }
        }
        running.compareAndSet(self, null);
    }

    /** Whether the thread lives. */
    boolean isRunning() {
        return running.get() != null;
    }

    /** Ends the thread; later calls of {@link #ensureRunning} start none. */
    void close() {
        closed = true;
        Thread thread = running.get();
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
