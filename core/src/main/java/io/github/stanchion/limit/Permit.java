package io.github.stanchion.limit;

import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.SessionDriver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Permits that were acquired: they are charged, and may be corrected once when the real cost is known.
 *
 * <p>Thread-safe. A permit that is dropped stays charged. Trouble with the store while it is corrected leaves it charged too,
 * is told to listeners, and throws nothing.
 */
public final class Permit {

    private final SessionDriver driver;
    private final RateLimitSession session;
    private final RateLimitVerdict verdict;
    private final AtomicBoolean settled = new AtomicBoolean();

    Permit(SessionDriver driver, RateLimitSession session) {
        this.driver = driver;
        this.session = session;
        this.verdict = session.finding();
    }

    /** What the limit said when it admitted the call; also how long it waited. */
    public RateLimitVerdict verdict() {
        return verdict;
    }

    /**
     * Makes the cost {@code actual}: charges the difference, into debt down to the policy's {@code max-debt}, or gives it
     * back.
     *
     * @return false if the permit was settled or refunded before, and nothing happens
     * @throws IllegalArgumentException if {@code actual} is negative
     */
    public boolean settle(long actual) {
        requireCost(actual);
        if (!settled.compareAndSet(false, true)) {
            return false;
        }
        driver.drive(session, session.settleLater(actual - session.reserved()));
        return true;
    }

    /** Gives all permits back; the same as settling for nothing. */
    public boolean refund() {
        return settle(0);
    }

    /** As {@link #settle}, without blocking. */
    public CompletionStage<Boolean> settleAsync(long actual) {
        requireCost(actual);
        if (!settled.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(false);
        }
        Move first = session.settleLater(actual - session.reserved());
        return driver.driveAsync(session, first).thenApply(done -> true);
    }

    /** As {@link #refund}, without blocking. */
    public CompletionStage<Boolean> refundAsync() {
        return settleAsync(0);
    }

    private void requireCost(long actual) {
        if (actual < 0) {
            throw new IllegalArgumentException("Real cost '" + actual + "' of rate limit '" + verdict.name()
                    + "' is negative; use 0 to give all permits back");
        }
    }
}
