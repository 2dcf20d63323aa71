package io.github.stanchion.lock;

/** How long one call may still wait for its locks; one deadline for everything. */
final class LockWait {

    /** What the last answer may come too late. */
    private static final long SLACK_MICROS = 50_000;

    private final LeaseClock clock;
    private final long begunNanos;
    private final long micros;

    LockWait(LeaseClock clock, long micros) {
        this.clock = clock;
        this.begunNanos = clock.nanos();
        this.micros = micros;
    }

    /** Whether the call does not wait at all. */
    boolean isOneTry() {
        return micros == 0;
    }

    long waitedMicros() {
        return (clock.nanos() - begunNanos) / 1_000;
    }

    long leftMicros() {
        return micros - waitedMicros();
    }

    /** Whether the deadline lies so far back that the caller cannot want the lock any more. */
    boolean isLongOver() {
        return micros > 0 && leftMicros() < -SLACK_MICROS;
    }
}
