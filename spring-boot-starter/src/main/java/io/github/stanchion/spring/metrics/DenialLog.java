package io.github.stanchion.spring.metrics;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.store.MicroClock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Logs refused calls, of methods and facades alike, so that a flood does not become a flood of lines: each at DEBUG, and of
 * each policy the first at WARN, then one a minute with the number since. Thread-safe; as many entries as there are policies.
 */
public final class DenialLog implements GuardListener {

    private static final long INTERVAL_MICROS = 60_000_000;

    private final Logger log;
    private final MicroClock clock;
    private final ConcurrentMap<Policy, Tally> tallies = new ConcurrentHashMap<>();

    public DenialLog(MicroClock clock) {
        this(clock, System.getLogger(DenialLog.class.getName()));
    }

    DenialLog(MicroClock clock, Logger log) {
        this.clock = clock;
        this.log = log;
    }

    @Override
    public boolean hearsCalls() {
        return false;
    }

    @Override
    public boolean hearsRejections() {
        return true;
    }

    @Override
    public void onEvent(GuardEvent event) {
        Supplier<String> rejection = event.rejection();
        if (rejection != null) {
            record(new Policy(event.kind(), event.name()), rejection);
        }
    }

    private void record(Policy policy, Supplier<String> rejection) {
        log.log(Level.DEBUG, rejection);
        Tally tally = tallies.computeIfAbsent(policy, first -> new Tally(clock.micros()));
        tally.count.incrementAndGet();
        long due = tally.due.get();
        long now = clock.micros();
        if (now >= due && tally.due.compareAndSet(due, now + INTERVAL_MICROS)) {
            long count = tally.count.getAndSet(0);
            log.log(
                    Level.WARNING,
                    () -> "Rejected " + count + (count == 1 ? " call" : " calls") + " by " + policy.kind + " '"
                            + policy.name + "' since the last such line; the last: " + rejection.get());
        }
    }

    private record Policy(String kind, String name) {}

    private static final class Tally {

        private final AtomicLong due;
        private final AtomicLong count = new AtomicLong();

        private Tally(long due) {
            this.due = new AtomicLong(due);
        }
    }
}
