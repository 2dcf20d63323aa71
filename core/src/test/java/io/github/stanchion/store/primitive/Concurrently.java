package io.github.stanchion.store.primitive;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs a task in several threads that start together; the first failure fails the test. */
final class Concurrently {

    /** Kept from one run to the next: tests run thousands of short tasks, and starting threads would be most of their work. */
    private static final ExecutorService POOL = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    private Concurrently() {}

    interface Task {
        void run(int thread) throws Exception;
    }

    static void run(int threads, Task task) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            running.add(POOL.submit(() -> {
                start.await();
                task.run(thread);
                return null;
            }));
        }
        try {
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            running.forEach(each -> each.cancel(true));
        }
    }
}
