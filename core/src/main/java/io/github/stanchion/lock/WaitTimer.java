package io.github.stanchion.lock;

/** After what time a waiting call looks by itself whether it gets its locks, and asks again a store that gave no answer. */
final class WaitTimer {

    /** However long the lock is held. */
    static final long LONGEST_MICROS = 1_000_000;

    private static final long FIRST_POLL_MICROS = 20_000;
    private static final long LONGEST_POLL_MICROS = 500_000;
    private static final long FIRST_RETRY_MICROS = 50_000;

    private final LockEnvironment environment;
    private long pollMicros = FIRST_POLL_MICROS;
    private long retryMicros = FIRST_RETRY_MICROS;

    WaitTimer(LockEnvironment environment) {
        this.environment = environment;
    }

    /** Of a call that stands in line: soon after the hold's end, and within a second, as a wake-up may be lost. */
    long inLine(long remainingMicros) {
        long longest = environment.wakeUps().areHeard() ? LONGEST_MICROS - upTo(LONGEST_MICROS / 10) : poll();
        return Math.min(Math.max(0, remainingMicros) + upTo(FIRST_POLL_MICROS), longest);
    }

    /** Of a call that nobody wakes: 20 ms, doubling to 500 ms, a fifth more or less. */
    long poll() {
        long micros = pollMicros * 4 / 5 + upTo(pollMicros * 2 / 5 + 1);
        pollMicros = Math.min(LONGEST_POLL_MICROS, pollMicros * 2);
        return micros;
    }

    /** Before the same is asked again: 50 ms, doubling. */
    long retry() {
        long micros = retryMicros;
        retryMicros *= 2;
        return micros;
    }

    private long upTo(long micros) {
        return environment.random().applyAsLong(micros);
    }
}
