package io.github.stanchion.lock;

import io.github.stanchion.guard.Sleeper;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs what leases have to do in time. Thread-safe. */
interface LeaseTimer extends AutoCloseable {

    /** Runs {@code task}, which is quick and throws nothing, after so long. */
    void after(long micros, Runnable task);

    @Override
    void close();

    /** One daemon thread for all leases, apart from all pools that work could fill; it ends when nothing is held. */
    static LeaseTimer thread() {
        return new OwnThread();
    }

    /** Runs tasks as this sleeper wakes: for tests that drive time. */
    static LeaseTimer driven(Sleeper sleeper) {
        return new LeaseTimer() {
            @Override
            public void after(long micros, Runnable task) {
                CompletionStage<Void> unused = sleeper.sleepAsync(micros).thenRun(task);
            }

            @Override
            public void close() {}
        };
    }

    /** See {@link #thread}. */
    final class OwnThread implements LeaseTimer {

        private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "stanchion-leases");
            thread.setDaemon(true);
            return thread;
        });

        private OwnThread() {
            executor.setKeepAliveTime(1, TimeUnit.SECONDS);
            executor.allowCoreThreadTimeOut(true);
            executor.setRemoveOnCancelPolicy(true);
            executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }

        @Override
        public void after(long micros, Runnable task) {
            if (!executor.isShutdown()) {
                ScheduledFuture<?> unused = executor.schedule(task, micros, TimeUnit.MICROSECONDS);
            }
        }

        @Override
        public void close() {
            executor.shutdown();
        }
    }
}
