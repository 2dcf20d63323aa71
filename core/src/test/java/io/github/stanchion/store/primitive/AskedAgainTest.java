package io.github.stanchion.store.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.MapCompareAndSetStore;
import io.github.stanchion.store.SettableClock;
import io.github.stanchion.store.StoreTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class AskedAgainTest {

    private static final Ttl HOUR = Ttl.of(Duration.ofHours(1));

    private final LosingReplies store =
            new LosingReplies(new MapCompareAndSetStore(new SettableClock(), Runnable::run));
    private final AtomicValues values = new AtomicValues(store, "test");

    @Test
    void compareAndSetThatLostItsReplyHasSucceededOnce() {
        long version = values.put("k", "a", HOUR);
        store.loseReplies(1);
        Replacement outcome = values.compareAndSet("k", version, "b");
        assertThat(outcome.stored()).isTrue();
        assertThat(values.get("k").version()).isEqualTo(outcome.version());
        store.loseReplies(1);
        outcome = values.compareAndSetAsync("k", outcome.version(), "c")
                .toCompletableFuture()
                .join();
        assertThat(outcome.stored()).isTrue();
        store.loseReplies(1);
        assertThat(values.compareAndDelete("k", outcome.version())).isTrue();
    }

    @Test
    void foreignWriteFoundLeavesTheOutcomeUnknown() {
        long version = values.put("k", "a", HOUR);
        store.loseReplies(1, () -> values.put("k", "foreign", HOUR));
        assertThatThrownBy(() -> values.compareAndSet("k", version, "b"))
                .isInstanceOfSatisfying(StoreTimeoutException.class, e -> assertThat(e.outcomeUnknown())
                        .isTrue());
        long next = values.get("k").version();
        store.loseReplies(1, () -> values.put("k", "foreign", HOUR));
        assertThatThrownBy(() -> values.compareAndSetAsync("k", next, "b")
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StoreTimeoutException.class);
        assertThat(values.get("k").text()).isEqualTo("foreign");
    }

    @Test
    void secondLossIsTheCallers() {
        long version = values.put("k", "a", HOUR);
        store.loseReplies(2);
        assertThatThrownBy(() -> values.compareAndSet("k", version, "b")).isInstanceOf(StoreTimeoutException.class);
        assertThat(values.get("k").text()).isEqualTo("b");
    }

    @Test
    void whatCouldBeAppliedTwiceIsNeverSentTwice() {
        AtomicCounters counters = new AtomicCounters(store, "test");
        store.loseReplies(1);
        assertThatThrownBy(() -> counters.increment("c", HOUR)).isInstanceOf(StoreTimeoutException.class);
        assertThat(counters.get("c").value()).isEqualTo(1);
        store.loseReplies(1);
        assertThatThrownBy(() -> values.put("k", "a", HOUR)).isInstanceOf(StoreTimeoutException.class);
        store.loseReplies(1);
        assertThatThrownBy(() -> values.compareAndSet("absent", 0, "a", HOUR))
                .isInstanceOf(StoreTimeoutException.class);
        assertThat(store.calls()).isEqualTo(4);
    }
}
