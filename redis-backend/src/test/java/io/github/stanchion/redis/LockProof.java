package io.github.stanchion.redis;

import io.github.stanchion.testkit.proof.Action;
import io.github.stanchion.testkit.proof.Check;
import io.github.stanchion.testkit.proof.History;
import io.github.stanchion.testkit.proof.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Workers that take locks at random while a nemesis is at them, and checks of what came of it.
 *
 * <p>{@code -Dstanchion.seed=<n>} repeats what the nemesis of that seed did; what the processes make of it differs each time,
 * so the history of a run that fails is kept.
 *
 * @param lease as its holders count it
 * @param faults what the nemesis does
 * @param times how often each
 */
record LockProof(Class<? extends DrivenLock> lock, int workers, Duration lease, Set<Nemesis.Fault> faults, int times) {

    /** How long a lock may be free while somebody waits: longer than a waiter sleeps or a store's breaker stays open. */
    static final Duration SOON = Duration.ofSeconds(2);

    private static final Duration PEACE = SOON.plusMillis(500);

    private static final int THREADS = 2;
    private static final int KEYS = 3;
    private static final Duration WAIT = Duration.ofSeconds(3);
    private static final Duration BODY = Duration.ofMillis(30);

    /** Runs, and fails if a check does, or if hardly anything was done. Returns what was done. */
    History run(OwnRedis server, Check... checks) {
        Long given = Long.getLong("stanchion.seed");
        long seed = given == null ? ThreadLocalRandom.current().nextLong(1L << 40) : given;
        try (LockFleet fleet = LockFleet.start(workers, server, lock, lease)) {
            fleet.run(seed, THREADS, KEYS, WAIT, BODY);
            Nemesis nemesis = new Nemesis(seed, fleet, server, faults);
            for (int i = 0; i < times; i++) {
                nemesis.rage(PEACE);
            }
            fleet.stop(KEYS);
            History history = fleet.history();
            try {
                List.of(checks).forEach(check -> check.verify(history));
                long released = history.events().stream()
                        .filter(event -> event.action() == Action.RELEASE && event.outcome() == Outcome.OK)
                        .count();
                if (released < 20L * times) {
                    throw new AssertionError("Locks were released only " + released + " times");
                }
            } catch (AssertionError failed) {
                throw new AssertionError(
                        "Run failed; -Dstanchion.seed=" + seed + " repeats its faults, its history is kept in "
                                + fleet.keep() + ": " + failed.getMessage(),
                        failed);
            }
            return history;
        }
    }
}
