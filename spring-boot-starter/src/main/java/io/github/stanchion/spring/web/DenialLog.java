package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.store.MicroClock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Logs refused calls so that a flood does not become a flood of lines: each at DEBUG, and of each policy the first at WARN,
 * then one a minute with the number since. Thread-safe; as many entries as there are policies.
 */
public final class DenialLog {

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

    void record(GuardRejectedException rejection) {
        log.log(Level.DEBUG, rejection::getMessage);
        Policy policy = new Policy(rejection.kind(), rejection.name());
        Tally tally = tallies.computeIfAbsent(policy, first -> new Tally(clock.micros()));
        tally.count.incrementAndGet();
        long due = tally.due.get();
        long now = clock.micros();
        if (now >= due && tally.due.compareAndSet(due, now + INTERVAL_MICROS)) {
            long count = tally.count.getAndSet(0);
            log.log(
                    Level.WARNING,
                    () -> "Rejected " + count + (count == 1 ? " call" : " calls") + " by " + policy.kind + " '"
                            + policy.name + "' since the last such line; the last: " + rejection.getMessage());
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
