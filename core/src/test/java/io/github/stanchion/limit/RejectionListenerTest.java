package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A listener that wants to hear of refused calls alone. */
class RejectionListenerTest {

    private final List<GuardEvent> heard = new ArrayList<>();
    private final RigStore store = new RigStore(new RigClock());
    private final GuardListeners listeners = new GuardListeners(List.of(new RejectionsAlone()));
    private final RateLimiters limiters = RateLimiters.builder(
                    RateLimitPolicies.builder()
                            .configured(Map.of(
                                    "a", RateLimitSettings.of("2/1m"),
                                    "b", RateLimitSettings.of("1/1m"),
                                    "closed",
                                            RateLimitSettings.builder()
                                                    .limit("2/1m")
                                                    .onStoreFailure(FailurePolicy.CLOSED)
                                                    .build(),
                                    "shadow",
                                            RateLimitSettings.builder()
                                                    .limit("1/1m")
                                                    .mode(GuardMode.SHADOW)
                                                    .build()))
                            .build(),
                    store)
            .listeners(listeners)
            .build();

    @Test
    void callsThatGoOnTellNothing() {
        limiters.tryAcquire("a", "x");
        limiters.acquire("a", "x", 1).refund();
        limiters.tryAcquire("shadow", "x");
        limiters.tryAcquire("shadow", "x");

        assertThat(listeners.isEmpty()).isTrue();
        assertThat(heard).isEmpty();
    }

    @Test
    void eachRefusalIsToldOnceHoweverItWasAskedFor() {
        limiters.tryAcquire("a", "x", 2);
        limiters.tryAcquire("a", "x");
        limiters.tryAcquireAsync("a", "x", 1).toCompletableFuture().join();
        assertThatThrownBy(() -> limiters.acquire("a", "x", 1)).isInstanceOf(RateLimitExceededException.class);
        limiters.tryAcquireAll(RateLimitAsk.of("a", "x"), RateLimitAsk.of("b", "x"));

        assertThat(texts()).hasSize(4).containsOnly("Call rejected by rate limit 'a' (2 per 1m); retry after 30 s");
    }

    @Test
    void costAboveTheCapacityAndAnAbsentStoreAreRefusalsToo() {
        limiters.tryAcquire("b", "x", 7);
        store.failing = true;
        assertThatThrownBy(() -> limiters.tryAcquire("closed", "x")).isInstanceOf(StoreUnavailableException.class);

        assertThat(texts())
                .containsExactly(
                        "Call rejected by rate limit 'b' (1 per 1m): its cost 7 is above the capacity 1",
                        "Call rejected by rate limit 'closed': its store is not available");
    }

    private List<String> texts() {
        return heard.stream()
                .map(event -> Objects.requireNonNull(event.rejection()).get())
                .toList();
    }

    private final class RejectionsAlone implements GuardListener {

        @Override
        public void onEvent(GuardEvent event) {
            if (event instanceof RateLimitDecision) {
                heard.add(event);
            }
        }

        @Override
        public boolean hearsCalls() {
            return false;
        }

        @Override
        public boolean hearsRejections() {
            return true;
        }
    }
}
