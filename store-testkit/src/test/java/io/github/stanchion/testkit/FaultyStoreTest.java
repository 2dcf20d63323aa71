package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import io.github.stanchion.testkit.Probe.Add;
import io.github.stanchion.testkit.Probe.Sum;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FaultyStoreTest {

    private static final StoreKey KEY =
            KeySpace.of("test", Probe.KIND, "faulty").key("x");
    private static final Add ADD = new Add(1, 100, 60_000_000);

    private final VirtualClock clock = new VirtualClock();
    private final VirtualSleeper sleeper = new VirtualSleeper(clock);
    private final FaultyStore store = new FaultyStore(new MapStore(clock), sleeper);

    @Test
    void aFailedCallIsNotApplied() {
        store.failNext(2);
        assertThatThrownBy(() -> store.execute(KEY, ADD)).isInstanceOf(StoreUnreachableException.class);
        assertThatThrownBy(() -> store.executeAll(List.of(new KeyedOperation<>(KEY, ADD))))
                .isInstanceOf(StoreUnreachableException.class);
        assertThat(store.execute(KEY, ADD).total()).isEqualTo(1);
        assertThat(store.calls()).isEqualTo(3);
    }

    @Test
    void aCallWhoseReplyIsLostIsAppliedAndItsOutcomeUnknown() {
        store.dropReplyNext(1);
        assertThatThrownBy(() -> store.execute(KEY, ADD))
                .isInstanceOfSatisfying(StoreTimeoutException.class, lost -> assertThat(lost.outcomeUnknown())
                        .isTrue());
        assertThat(store.execute(KEY, ADD).total()).isEqualTo(2);
    }

    @Test
    void resetItFailsNothingAndHasCountedNothing() {
        store.failNext(2);
        assertThatThrownBy(() -> store.execute(KEY, ADD)).isInstanceOf(StoreUnreachableException.class);

        store.reset();

        assertThat(store.calls()).isZero();
        assertThat(store.execute(KEY, ADD).total()).isEqualTo(1);
    }

    @Test
    void asynchronousCallsFailThroughTheirStage() {
        store.failNext(1);
        store.dropReplyNext(1);
        assertThat(store.executeAsync(KEY, ADD).toCompletableFuture()).isCompletedExceptionally();
        assertThat(store.executeAsync(KEY, ADD).toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(StoreException.class);
        assertThat(store.execute(KEY, ADD).total()).isEqualTo(2);
    }

    @Test
    void aDelayedCallGoesThroughOnceItsTimeHasPassed() {
        store.delayNext(1, Duration.ofSeconds(2));
        CompletableFuture<Sum> slow = store.executeAsync(KEY, ADD).toCompletableFuture();
        assertThat(store.execute(KEY, ADD).total()).isEqualTo(1);
        clock.advanceMicros(1_999_999);
        assertThat(slow).isNotDone();
        clock.advanceMicros(1);
        assertThat(slow).isCompletedWithValueMatching(sum -> sum.total() == 2);
    }

    @Test
    void aHealedStoreWorks() {
        store.failNext(Short.MAX_VALUE);
        assertThatThrownBy(() -> store.execute(KEY, ADD)).isInstanceOf(StoreUnreachableException.class);
        store.heal();
        assertThat(store.execute(KEY, ADD).total()).isEqualTo(1);
    }

    @Nested
    class WithoutFaults extends AtomicStoreContract {

        @Override
        protected AtomicStore store(VirtualClock time) {
            return new FaultyStore(new MapStore(time), new VirtualSleeper(time));
        }
    }
}
