package io.github.stanchion.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.limit.MissingKey;
import io.github.stanchion.limit.RateLimitDegraded;
import io.github.stanchion.limit.RateLimitMissingKey;
import io.github.stanchion.limit.RateLimitRecovered;
import io.github.stanchion.limit.RateLimitSettled;
import io.github.stanchion.limit.RateLimitUnknownPlan;
import io.github.stanchion.lock.LeaseLoss;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.spring.metrics.PolicyReload;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is remembered of what has happened. */
class EventLogTest {

    private final EventLog log = new EventLog(new VirtualClock(), 4);

    private List<String> remembered() {
        return log.find(any -> true).stream()
                .map(entry -> entry.kind() + " " + entry.type() + " " + entry.details())
                .toList();
    }

    @Test
    void newsOfLimitsIsRememberedAndWhatIsUsualIsNot() {
        log.onEvent(new RateLimitDegraded("a", FailurePolicy.LOCAL, new StoreTimeoutException("late")));
        log.onEvent(new RateLimitRecovered("a"));
        log.onEvent(new RateLimitSettled("a", RateLimitSettled.Outcome.FORGIVEN, 3));
        log.onEvent(new RateLimitSettled("a", RateLimitSettled.Outcome.REFUNDED, 3));
        log.onEvent(new RateLimitMissingKey("a", MissingKey.SKIP));
        log.onEvent(new RateLimitUnknownPlan("a"));
        assertThat(remembered())
                .containsExactly(
                        "rate-limit unknown-plan {}",
                        "rate-limit missing-key {}",
                        "rate-limit forgiven {permits=3}",
                        "rate-limit recovered {}",
                        "rate-limit degraded "
                                + log.find(entry -> entry.type().equals("degraded"))
                                        .get(0)
                                        .details());
        assertThat(log.find(entry -> entry.type().equals("degraded"))
                        .get(0)
                        .details()
                        .toString())
                .contains("runsOn=local", "cause=late");
    }

    @Test
    void newsOfLocksIsRememberedAndWhatIsUsualIsNot() {
        log.onEvent(new LockEvent.Decided("a", LockOutcome.ACQUIRED, Duration.ZERO));
        log.onEvent(new LockEvent.Released("a", Duration.ofSeconds(1)));
        log.onEvent(new LockEvent.Renewed("a", LockEvent.RenewalOutcome.HELD));
        log.onEvent(new LockEvent.Suspect("a", LockEvent.LeaseDoubt.OVER));
        assertThat(remembered()).isEmpty();

        log.onEvent(new LockEvent.Decided("a", LockOutcome.REFUSED, Duration.ZERO));
        log.onEvent(new LockEvent.Decided("a", LockOutcome.SHADOW, Duration.ZERO));
        log.onEvent(new LockEvent.Suspect("a", LockEvent.LeaseDoubt.BEGUN));
        log.onEvent(new LockEvent.LongHold("a", Duration.ofMinutes(5)));
        log.onEvent(new LockEvent.Vetoed("a"));
        log.onEvent(new LockEvent.Recovered("a"));
        assertThat(remembered())
                .containsExactly(
                        "lock recovered {}",
                        "lock vetoed {}",
                        "lock long-hold {age=PT5M}",
                        "lock suspect {}",
                        "lock shadow-rejected {}",
                        "lock rejected {}");
        log.onEvent(new LockEvent.Lost("b", LeaseLoss.STOLEN, Duration.ofSeconds(9)));
        assertThat(log.find(entry -> entry.type().equals("lost"))
                        .get(0)
                        .details()
                        .toString())
                .contains("reason=stolen", "age=PT9S");
    }

    @Test
    void eachSortHasARingOfItsOwnWhoeverElseIsLoud() {
        log.onReload(PolicyReload.applied(List.of()));
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(CompletableFuture.runAsync(() -> {
                for (int n = 0; n < 1_000; n++) {
                    log.onEvent(new RateLimitRecovered("a"));
                }
            }));
        }
        threads.forEach(CompletableFuture::join);
        assertThat(remembered())
                .containsExactly(
                        "rate-limit recovered {}",
                        "rate-limit recovered {}",
                        "rate-limit recovered {}",
                        "rate-limit recovered {}",
                        "policies reloaded {needRestart=[]}");
    }
}
