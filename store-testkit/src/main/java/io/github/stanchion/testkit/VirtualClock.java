package io.github.stanchion.testkit;

import io.github.stanchion.store.MicroClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store's clock that stands still until a test moves it.
 *
 * <p>Starts at {@link #START}. {@link #advance} lets time pass: on its way the clock stops at each instant at which somebody
 * wakes who waits by a {@link VirtualSleeper}. {@link #set} and {@link #stepBack} correct the clock, as an administrator
 * does: no time passes, and nobody wakes. Thread-safe.
 */
public final class VirtualClock implements MicroClock {

    /** Where every virtual clock starts: 2026-03-01T12:00:00.123457Z, an instant that no unit but the microsecond divides. */
    public static final Instant START = Instant.parse("2026-03-01T12:00:00.123457Z");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition waitsChanged = lock.newCondition();
    private final PriorityQueue<Wait> waits = new PriorityQueue<>();
    private volatile long now = microsOf(START);
    private long passed;
    private long registered;
    private int waiting;

    @Override
    public long micros() {
        return now;
    }

    /** The instant that the clock shows. */
    public Instant instant() {
        return Instant.EPOCH.plus(now, ChronoUnit.MICROS);
    }

    /** Lets so much time pass, in whole microseconds; not negative. Stages of waits that end are completed by this thread. */
    public void advance(Duration time) {
        advanceMicros(microsOf(time));
    }

    /** As {@link #advance}, in microseconds. */
    public void advanceMicros(long micros) {
        if (micros < 0) {
            throw new IllegalArgumentException(
                    "Time to pass '" + micros + "' us is negative; use stepBack to correct the clock");
        }
        advanceUntil(() -> false, micros);
    }

    /** As {@link #advanceMicros}, but stops at the first instant at which somebody wakes and what is waited for is there. */
    void advanceUntil(BooleanSupplier there, long micros) {
        long target = locked(() -> Math.addExact(passed, micros));
        while (!there.getAsBoolean()) {
            List<Wait> over = locked(() -> moveToNextWait(target));
            if (over.isEmpty()) {
                return;
            }
            over.forEach(wait -> wait.complete(null));
        }
    }

    /** Corrects the clock to {@code instant}, without time passing. */
    public void set(Instant instant) {
        locked(() -> now = microsOf(instant));
    }

    /** Corrects the clock by so much into the past, without time passing. */
    public void stepBack(Duration time) {
        locked(() -> now = Math.subtractExact(now, microsOf(time)));
    }

    private List<Wait> moveToNextWait(long target) {
        Wait next = waits.peek();
        long stop = next == null || next.endsAt > target ? target : Math.max(next.endsAt, passed);
        if (stop > passed) {
            now = Math.addExact(now, stop - passed);
            passed = stop;
        }
        List<Wait> over = new ArrayList<>();
        while (next != null && next.endsAt <= passed) {
            over.add(waits.remove());
            waiting -= next.counted ? 1 : 0;
            next = waits.peek();
        }
        if (!over.isEmpty()) {
            waitsChanged.signalAll();
        }
        return over;
    }

    /**
     * A stage that completes once so much time has passed; cancelling it forgets the wait.
     *
     * @param counted whether it is one of those that a test counts
     */
    CompletableFuture<@Nullable Void> waitFor(long micros, boolean counted) {
        return locked(() -> {
            Wait wait = new Wait(Math.addExact(passed, Math.max(0, micros)), registered++, counted);
            if (micros <= 0) {
                wait.complete(null);
            } else {
                waits.add(wait);
                waiting += counted ? 1 : 0;
                waitsChanged.signalAll();
            }
            return wait;
        });
    }

    private boolean forget(Wait wait) {
        return locked(() -> {
            boolean waited = waits.remove(wait);
            waiting -= waited && wait.counted ? 1 : 0;
            waitsChanged.signalAll();
            return waited;
        });
    }

    int waiting() {
        return locked(() -> waiting);
    }

    /** Blocks the test's thread until so many waits are under way; false if they are not within {@code patience}. */
    boolean awaitWaiting(int count, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (waiting != count) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = waitsChanged.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private static long microsOf(Duration time) {
        return Math.addExact(
                Math.multiplyExact(time.getSeconds(), 1_000_000L), TimeUnit.NANOSECONDS.toMicros(time.getNano()));
    }

    private static long microsOf(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private final class Wait extends CompletableFuture<@Nullable Void> implements Comparable<Wait> {
        private final long endsAt;
        private final long order;
        private final boolean counted;

        private Wait(long endsAt, long order, boolean counted) {
            this.endsAt = endsAt;
            this.order = order;
            this.counted = counted;
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            return forget(this) && super.cancel(mayInterrupt);
        }

        @Override
        public int compareTo(Wait that) {
            return endsAt != that.endsAt ? Long.compare(endsAt, that.endsAt) : Long.compare(order, that.order);
        }
    }
}
