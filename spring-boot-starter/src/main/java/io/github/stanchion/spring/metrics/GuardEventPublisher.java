package io.github.stanchion.spring.metrics;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.limit.RateLimitDecision;
import io.github.stanchion.limit.RateLimitDegraded;
import io.github.stanchion.limit.RateLimitRecovered;
import io.github.stanchion.limit.RateLimitSettled;
import io.github.stanchion.limit.RateOutcome;
import io.github.stanchion.lock.LockEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes what guards tell as Spring events: stores that go away and come back, permits that are forgiven, and locks that
 * are doubted, lost, held for long or have vetoed a commit, always; rejections on request.
 *
 * <p>Thread-safe. Listeners run on the thread of the call unless they are asynchronous. Rejections in shadow mode count as
 * such; the event's verdict tells them apart.
 */
public final class GuardEventPublisher implements GuardListener {

    private final ApplicationEventPublisher publisher;
    private final boolean rejections;

    /** @param rejections whether rejections are published too */
    public GuardEventPublisher(ApplicationEventPublisher publisher, boolean rejections) {
        this.publisher = publisher;
        this.rejections = rejections;
    }

    @Override
    public void onEvent(GuardEvent event) {
        if (event instanceof RateLimitDegraded
                || event instanceof RateLimitRecovered
                || event instanceof RateLimitSettled settled && settled.outcome() == RateLimitSettled.Outcome.FORGIVEN
                || event instanceof LockEvent lock && isNews(lock)
                || rejections && event instanceof RateLimitDecision decision && isRejection(decision.outcome())) {
            publisher.publishEvent(event);
        }
    }

    /** What happens to locks beyond the single call. */
    private boolean isNews(LockEvent event) {
        return event instanceof LockEvent.Decided
                ? rejections && event.rejection() != null
                : !(event instanceof LockEvent.Renewed
                        || event instanceof LockEvent.Released
                        || event instanceof LockEvent.Deferred);
    }

    private static boolean isRejection(RateOutcome outcome) {
        return !outcome.isAdmitted() || outcome == RateOutcome.SHADOW_REJECTED;
    }

    @Override
    public boolean hearsCalls() {
        return rejections;
    }
}
