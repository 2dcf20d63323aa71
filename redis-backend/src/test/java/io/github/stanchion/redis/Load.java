package io.github.stanchion.redis;

import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateSource;
import io.github.stanchion.store.StoreTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Threads that ask a limit again and again, a thousand times a second each at most, and what came of it.
 *
 * <p>Beside them one more thread notes how long this machine lets a thread wait that wants to go on: that much longer than it
 * should a hand-over between threads may take, and no more.
 */
final class Load implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int HAND_OVERS = 3;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder storeAdmitted = new LongAdder();
    private final LongAdder storeRefused = new LongAdder();
    private final LongAdder localAdmitted = new LongAdder();
    private final LongAdder localRefused = new LongAdder();
    private final LongAdder open = new LongAdder();
    private final Queue<RuntimeException> errors = new ConcurrentLinkedQueue<>();
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicLong stallNanos = new AtomicLong();
    private final Map<Thread, LongAdder> timeouts = new ConcurrentHashMap<>();
    private volatile boolean over;

    private final long pauseNanos;

    private Load(long pauseNanos) {
        this.pauseNanos = pauseNanos;
    }

    static Load start(int threads, Supplier<RateLimitVerdict> ask) {
        return start(threads, PAUSE_NANOS, ask);
    }

    /** Threads that never pause. */
    static Load flood(int threads, Supplier<RateLimitVerdict> ask) {
        return start(threads, 0, ask);
    }

    private static Load start(int threads, long pauseNanos, Supplier<RateLimitVerdict> ask) {
        Load load = new Load(pauseNanos);
        for (int i = 0; i < threads; i++) {
            load.add(() -> load.askOnAndOn(ask));
        }
        load.add(load::watchTheMachine);
        return load;
    }

    private void add(Runnable task) {
        Thread thread = new Thread(task, "load-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void askOnAndOn(Supplier<RateLimitVerdict> ask) {
        while (!over) {
            long start = System.nanoTime();
            try {
                count(ask.get());
            } catch (RuntimeException error) {
                errors.add(error);
                if (error.getCause() instanceof StoreTimeoutException) {
                    timeouts.computeIfAbsent(Thread.currentThread(), any -> new LongAdder())
                            .increment();
                }
            }
            longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
            LockSupport.parkNanos(pauseNanos);
        }
    }

    private void count(RateLimitVerdict verdict) {
        if (verdict.storeFailed()) {
            open.increment();
        } else if (verdict.source() == RateSource.LOCAL) {
            (verdict.admitted() ? localAdmitted : localRefused).increment();
        } else {
            (verdict.admitted() ? storeAdmitted : storeRefused).increment();
        }
    }

    private void watchTheMachine() {
        while (!over) {
            long start = System.nanoTime();
            LockSupport.parkNanos(PAUSE_NANOS);
            stallNanos.accumulateAndGet(System.nanoTime() - start - PAUSE_NANOS, Math::max);
        }
    }

    /** Forgets how long calls have taken so far. */
    void measure() {
        longestNanos.set(0);
        stallNanos.set(0);
    }

    /** Waits until the condition holds. */
    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("Waited in vain: " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Waits for that many more decisions of the store. */
    void awaitStore(long more) {
        long from = byStore();
        await("decisions by the store", () -> byStore() - from >= more);
    }

    /** Waits for that many more answers without the store. */
    void awaitWithoutStore(long more) {
        long from = withoutStore();
        await("answers without the store", () -> withoutStore() - from >= more);
    }

    long byStore() {
        return storeAdmitted.sum() + storeRefused.sum();
    }

    long withoutStore() {
        return localAdmitted.sum() + localRefused.sum() + open.sum() + errors.size();
    }

    long storeAdmitted() {
        return storeAdmitted.sum();
    }

    long storeRefused() {
        return storeRefused.sum();
    }

    long localAdmitted() {
        return localAdmitted.sum();
    }

    /** Calls that went on uncounted, as the policy lets them while the store is away. */
    long open() {
        return open.sum();
    }

    List<RuntimeException> errors() {
        return List.copyOf(errors);
    }

    /** Errors that are not the refusal that a policy prescribes. */
    List<RuntimeException> surprises() {
        return errors.stream()
                .filter(error -> !(error instanceof StoreUnavailableException))
                .toList();
    }

    /** The most calls of one thread that failed for want of a reply in time. */
    long mostTimeouts() {
        return timeouts.values().stream().mapToLong(LongAdder::sum).max().orElse(0);
    }

    /**
     * How long the longest call took, less what the machine made its threads wait: a call is handed over to the thread that
     * writes, to the one that reads or sees that time is up, and back.
     */
    long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestNanos.get() - HAND_OVERS * stallNanos.get());
    }

    @Override
    public void close() {
        end();
    }

    /** Stops asking, and waits until the last answer is there. */
    void end() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
                if (thread.isAlive()) {
                    throw new AssertionError("A call does not return");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while calls return", interrupted);
        }
    }
}
