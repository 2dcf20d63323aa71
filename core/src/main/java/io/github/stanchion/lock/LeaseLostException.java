package io.github.stanchion.lock;

import io.github.stanchion.guard.GuardRejectedException;
import java.time.Duration;

/**
 * The lock was lost while what it guards ran: somebody else may have been inside, so the result does not count.
 *
 * <p>{@link #phase} says what has become of the work.
 */
public final class LeaseLostException extends GuardRejectedException {

    private static final long serialVersionUID = 1L;

    private final LeaseLoss reason;
    private final Phase phase;

    LeaseLostException(String name, LeaseLoss reason, Phase phase) {
        super(
                "Lock '" + name + "' was lost: " + reason.text() + "; " + phase.text,
                LockGuard.KIND,
                name,
                Duration.ofSeconds(1));
        this.reason = reason;
        this.phase = phase;
    }

    public LeaseLoss reason() {
        return reason;
    }

    public Phase phase() {
        return phase;
    }

    /** What has become of the work that the lock guarded. */
    public enum Phase {

        /** Its transaction is rolled back. */
        ROLLED_BACK("the transaction is rolled back"),

        /** A transaction had been committed before the loss was noticed. */
        AFTER_COMMIT("a transaction has been committed"),

        /** There was no transaction: what was done stays done. */
        NO_TRANSACTION("what was done without a transaction stays done");

        private final String text;

        Phase(String text) {
            this.text = text;
        }
    }
}
