package io.github.stanchion.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lets calls meet: whether a limit or a lock holds shows when many threads come at the same moment. */
public final class Together {

    private static final int PATIENCE_SECONDS = 60;

    /** Kept from one run to the next: tests let short tasks meet in hundreds of rounds, and starting threads would be most of it. */
    private static final ExecutorService POOL = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "stanchion-together");
        thread.setDaemon(true);
        return thread;
    });

    private Together() {}

    /** What each thread does, told its number. */
    @FunctionalInterface
    public interface Task<T extends @Nullable Object> {
        T run(int number) throws Exception;
    }

    /**
     * Runs the task in so many threads, none of which begins before all are there, and blocks until all have ended.
     *
     * @param threads how many, at least 1; their numbers count from 0
     * @return the results in the order of the threads' numbers
     * @throws AssertionError if they have not ended within 60 seconds; an unchecked exception or an error of a task is thrown as
     *     it is, a checked one within an AssertionError
     */
    public static <T extends @Nullable Object> List<T> run(int threads, Task<T> task) {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<T>> running = new ArrayList<>();
        try {
            for (int i = 0; i < threads; i++) {
                int number = i;
                running.add(POOL.submit(() -> {
                    start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    return task.run(number);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } catch (ExecutionException failed) {
            throw asThrown(failed);
        } catch (Exception stuck) {
            throw new AssertionError("Threads were not done within " + PATIENCE_SECONDS + " s", stuck);
        } finally {
            running.forEach(each -> each.cancel(true));
        }
    }

    /** Throws what a task has thrown, or returns an error that has it as its cause. */
    static AssertionError asThrown(Exception wrapper) {
        if (wrapper.getCause() instanceof RuntimeException exception) {
            throw exception;
        }
        if (wrapper.getCause() instanceof Error error) {
            throw error;
        }
        return new AssertionError(wrapper.getCause());
    }
}
