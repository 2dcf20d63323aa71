package io.github.stanchion.redis;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls that no reply came for in time, and runs what is due later.
 *
 * <p>The one place of this package that reads a clock. Thread-safe. All calls have the same time, so they stand in a queue
 * in the order in which they are due; one daemon thread, alive while there are any, looks at its head a few times within
 * that time. A call costs one entry of the queue, and no thread.
 */
final class Deadlines implements AutoCloseable {

    private static final long LEAST_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int SWEEPS = 10;

    private final long timeoutNanos;
    private final long sweepNanos;
    private final ConcurrentLinkedQueue<Due> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor timer;
    private volatile long sweepDue;
    private boolean excused;

    Deadlines(Duration timeout) {
        timeoutNanos = timeout.toNanos();
        sweepNanos = Math.max(LEAST_SWEEP_NANOS, timeoutNanos / SWEEPS);
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "stanchion-redis-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setKeepAliveTime(1, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Nanoseconds of a clock that only measures. */
    static long now() {
        return System.nanoTime();
    }

    /** When a call that is made now is due. */
    long next() {
        return now() + timeoutNanos;
    }

    /** Ends {@code call} once it is due, unless it is done before. */
    void watch(Due call) {
        if (timer.isShutdown()) {
            call.abandoned();
            return;
        }
        waiting.add(call);
        if (!armed.get() && armed.compareAndSet(false, true)) {
            arm();
        }
    }

    private void arm() {
        sweepDue = now() + sweepNanos;
        after(sweepNanos, this::sweep);
    }

    private void sweep() {
        long now = now();
        // If this process stood still, replies may lie unread: they get the time until the next look, once.
        excused = !excused && now - sweepDue > sweepNanos;
        try {
            endWhatIsDue(now);
        } finally {
            armed.set(false);
            if (!waiting.isEmpty() && armed.compareAndSet(false, true)) {
                arm();
            }
        }
    }

    private void endWhatIsDue(long now) {
        for (@Nullable Due head = waiting.peek(); head != null; head = waiting.peek()) {
            if (!head.isDone() && (excused || head.due() - now > 0)) {
                return;
            }
            waiting.poll();
            head.timedOut();
        }
    }

    /** Runs a short task later, on the timer's thread; not at all once this is closed. */
    void after(long nanos, Runnable task) {
        try {
            ScheduledFuture<?> unused = timer.schedule(() -> Stages.run(task), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // Nothing is due any more.
        }
    }

    /** Ends all calls that still wait. */
    @Override
    public void close() {
        timer.shutdownNow();
        for (@Nullable Due call = waiting.poll(); call != null; call = waiting.poll()) {
            call.abandoned();
        }
    }
}
