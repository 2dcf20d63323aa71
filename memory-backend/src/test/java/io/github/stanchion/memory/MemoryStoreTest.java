package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Capability;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.NotACounterException;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {

    private static final KeySpace SPACE = KeySpace.of("test", "sum", "plain");

    private final TestClock clock = new TestClock();
    private final MemoryStore store = MemoryStore.builder()
            .clock(clock)
            .sweepInterval(Duration.ofMillis(1))
            .build();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void declaresWhatItKeeps() {
        assertThat(store.capabilities())
                .containsExactlyInAnyOrder(
                        Capability.STORE_CLOCK,
                        Capability.RETAINS,
                        Capability.FENCING,
                        Capability.JOINT,
                        Capability.SIGNALS,
                        Capability.SCAN);
    }

    @Test
    void confusableSubjectsHaveStatesOfTheirOwn() {
        List<StoreKey> keys = List.of(
                SPACE.key(""),
                SPACE.key(" "),
                SPACE.key("a"),
                SPACE.key("A"),
                SPACE.key("a "),
                SPACE.key("a\u0000"),
                SPACE.key("\u00e9"),
                SPACE.key("e\u0301"),
                SPACE.key("K"),
                SPACE.key("\u212a"),
                SPACE.key("\ud800"),
                SPACE.key("?"),
                SPACE.key("h.x"),
                SPACE.key("{a}"),
                SPACE.key(List.of("a", "bc")),
                SPACE.key(List.of("ab", "c")),
                SPACE.key("x".repeat(300)),
                SPACE.key("x".repeat(10_000)),
                SPACE.key(),
                SPACE.withKind("other").key("a"));
        keys.forEach(key -> assertThat(store.execute(key, Add.one(1))).isEqualTo(1));
        keys.forEach(key -> assertThat(store.execute(key, Add.one(1))).isEqualTo(-2));
        assertThat(store.stats().keys()).isEqualTo(keys.size());
    }

    /** Fails on any value. */
    private record Broken(RuntimeException error) implements Operation<Long> {

        @Override
        public String name() {
            return "test.broken";
        }

        @Override
        public long[] arguments() {
            return new long[0];
        }

        @Override
        public Transition<Long> apply(@Nullable Value current, long nowMicros) {
            throw error;
        }

        @Override
        public Long decode(long[] reply) {
            return reply[0];
        }
    }

    @Test
    void anErrorNamesTheSpaceAndLeavesStateAndKeyUsable() {
        StoreKey key = SPACE.key("a");
        store.execute(key, Add.one(9));
        assertThatThrownBy(() -> store.execute(key, new Broken(new NotACounterException("Not one"))))
                .isInstanceOf(NotACounterException.class)
                .hasMessage("Not one [sum 'plain']");
        assertThatThrownBy(() -> store.execute(key, new Broken(new IllegalStateException("bug"))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.execute(SPACE.key("absent"), new Broken(new NotACounterException("Not one"))))
                .isInstanceOf(NotACounterException.class);
        assertThat(store.execute(key, Add.one(9))).isEqualTo(2);
        assertThat(store.stats().keys()).isEqualTo(1);
    }

    @Test
    void anErrorInAJointStepChangesNothingAnywhere() {
        StoreKey a = SPACE.key("a");
        List<KeyedOperation<?>> steps = List.of(
                new KeyedOperation<>(a, Add.one(9)),
                new KeyedOperation<>(SPACE.key("b"), new Broken(new NotACounterException("Not one"))));
        assertThatThrownBy(() -> store.executeAll(steps)).isInstanceOf(NotACounterException.class);
        assertThat(store.executeAllAsync(steps).toCompletableFuture()).isCompletedExceptionally();
        assertThat(store.stats().keys()).isZero();
        assertThat(store.execute(a, Add.one(9))).isEqualTo(1);
    }

    @Test
    void jointStepsThatCouldNeverRunAreRefusedAtOnce() {
        KeyedOperation<Long> step = new KeyedOperation<>(SPACE.key("a"), Add.one(9));
        List<KeyedOperation<?>> many = IntStream.range(0, 33)
                .<KeyedOperation<?>>mapToObj(i -> new KeyedOperation<>(SPACE.key("k" + i), Add.one(9)))
                .toList();
        for (List<KeyedOperation<?>> steps :
                List.of(List.<KeyedOperation<?>>of(), many, List.<KeyedOperation<?>>of(step, step))) {
            assertThatThrownBy(() -> store.executeAll(steps)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.executeAllAsync(steps)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(store.stats().keys()).isZero();
        assertThat(store.executeAll(many.subList(0, 32)).admitted()).isTrue();
    }

    @Test
    void asynchronousFormsCompleteBeforeTheyReturn() {
        StoreKey key = SPACE.key("a");
        assertThat(store.executeAsync(key, Add.one(9)).toCompletableFuture()).isCompletedWithValue(1L);
        KeyedOperation<Long> step = new KeyedOperation<>(key, Add.one(9));
        assertThat(store.executeAllAsync(List.of(step)).toCompletableFuture()).isCompleted();
        assertThat(store.executeEachAsync(List.of(step, step))
                        .toCompletableFuture()
                        .join())
                .containsExactly(new StepResult.Done<>(3L), new StepResult.Done<>(4L));
    }

    @Test
    void afterClosingEveryCallSaysSoAndClosingAgainDoesNothing() {
        StoreKey key = SPACE.key("a");
        KeyedOperation<Long> step = new KeyedOperation<>(key, Add.one(9));
        store.close();
        store.close();
        assertThatThrownBy(() -> store.execute(key, Add.one(9))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.executeAll(List.of(step))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.executeEach(List.of())).isInstanceOf(StoreClosedException.class);
        assertThat(store.executeAsync(key, Add.one(9)).toCompletableFuture()).isCompletedExceptionally();
        assertThatThrownBy(() -> store.keys().clear(KeyRange.of(SPACE))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.keys().page(KeyRange.of(SPACE), null, 1))
                .isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.signals().subscribe("test", Add.TOPIC, signal -> {}))
                .isInstanceOf(StoreClosedException.class);
    }

    @Test
    void theSweeperLivesFromTheFirstKeyToTheLastAndEndsOnClose() throws Exception {
        assertThat(store.isSweeping()).isFalse();
        store.execute(SPACE.key("absent"), Add.one(0));
        assertThat(store.isSweeping()).isFalse();
        for (int round = 0; round < 3; round++) {
            store.execute(SPACE.key("a"), Add.one(9));
            assertThat(store.isSweeping()).isTrue();
            clock.advance(60_000_000);
            assertThat(Threads.eventually(() -> !store.isSweeping())).isTrue();
            assertThat(store.stats().keys()).isZero();
        }
        store.execute(SPACE.key("a"), Add.one(9));
        store.close();
        assertThat(Threads.eventually(() -> !store.isSweeping())).isTrue();
    }

    @Test
    void signalsArriveOnceTheChangeIsVisibleAndAFailingListenerHurtsNobody() {
        StoreKey key = SPACE.key("a");
        List<Signal> heard = new ArrayList<>();
        List<Long> visible = new ArrayList<>();
        store.signals().subscribe("test", Add.TOPIC, signal -> {
            throw new IllegalStateException("a listener's bug");
        });
        Signals.Subscription counting = store.signals().subscribe("test", Add.TOPIC, heard::add);
        store.signals()
                .subscribe("test", Add.TOPIC, signal -> visible.add(store.execute(key, new Add(0, 9, 0, false))));
        store.signals().subscribe("test", "another topic", heard::add);
        store.execute(key, Add.one(9));
        store.executeAll(List.of(new KeyedOperation<>(key, Add.one(9))));
        store.executeAll(
                List.of(new KeyedOperation<>(key, Add.one(9)), new KeyedOperation<>(SPACE.key("refused"), Add.one(0))));
        counting.close();
        counting.close();
        store.execute(key, Add.one(9));
        assertThat(heard)
                .containsExactly(
                        new Signal("test", Add.TOPIC, List.of(1L)), new Signal("test", Add.TOPIC, List.of(2L)));
        assertThat(visible).containsExactly(1L, 2L, 3L);
    }

    @Test
    void scanningSeesEveryLastingKeyWhileOthersComeAndGo() {
        Set<StoreKey> lasting = new HashSet<>();
        for (int i = 0; i < 3_000; i++) {
            StoreKey key = SPACE.key(i % 3 == 0 ? "x".repeat(120) + i : "k" + i);
            store.execute(key, Add.one(9));
            lasting.add(key);
        }
        store.execute(KeySpace.of("test", "sum", "plain2").key("other"), Add.one(9));
        store.execute(SPACE.withKind("other").key("other"), Add.one(9));
        List<StoreKey> seen = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            store.execute(SPACE.key("passing" + pages++), new Add(1, 9, 1, false));
            clock.advance(1);
            KeyScan.Page page = store.keys().page(KeyRange.of(SPACE), cursor, 100);
            assertThat(page.keys()).hasSizeLessThanOrEqualTo(100);
            seen.addAll(page.keys());
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen).doesNotHaveDuplicates().containsAll(lasting).allMatch(key -> key.space()
                .equals(SPACE));
    }

    @Test
    void clearingTakesTheRangeAndNothingElse() {
        KeySpace child = KeySpace.of("test", "sum", "plain/child");
        KeySpace namesake = KeySpace.of("test", "sum", "plain2");
        for (int i = 0; i < 1_000; i++) {
            store.execute(SPACE.key("k" + i), Add.one(9));
        }
        store.execute(child.key("a"), Add.one(9));
        store.execute(namesake.key("a"), Add.one(9));
        assertThat(store.keys().clear(KeyRange.of(SPACE))).isEqualTo(1_000);
        assertThat(store.execute(child.key("a"), Add.one(9))).isEqualTo(2);
        assertThat(store.execute(SPACE.key("k0"), Add.one(9))).isEqualTo(1);
        assertThat(store.keys().clear(new KeyRange(SPACE, true))).isEqualTo(2);
        assertThat(store.execute(namesake.key("a"), Add.one(9))).isEqualTo(2);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> MemoryStore.builder().maxKeys(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MemoryStore.builder().sweepInterval(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.keys().page(KeyRange.of(SPACE), null, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.keys().page(KeyRange.of(SPACE), null, 10_001))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
