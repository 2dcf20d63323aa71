package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.memory.MemoryStore.Pressure;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.Together;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The number of keys is bounded, and nobody gets a fresh limit by that. */
class MemoryStoreBoundTest {

    private static final KeySpace SPACE = KeySpace.of("test", "sum", "bound");
    private static final long LONG = 3_600_000_000L;

    private final TestClock clock = new TestClock();
    private final List<Pressure> heard = new CopyOnWriteArrayList<>();

    private MemoryStore store(long maxKeys) {
        return MemoryStore.builder()
                .clock(clock)
                .maxKeys(maxKeys)
                .sweepInterval(Duration.ofDays(1))
                .onPressure(heard::add)
                .build();
    }

    @Test
    void aFloodOfRandomKeysWashesOutNoExhaustedVictim() throws Exception {
        try (MemoryStore store = store(10_000)) {
            StoreKey victim = SPACE.key("victim");
            for (int i = 0; i < 5; i++) {
                assertThat(store.execute(victim, Add.shared(5, LONG))).isPositive();
            }
            AtomicLong most = new AtomicLong();
            Together.run(4, thread -> {
                for (int i = 0; i < 250_000; i++) {
                    store.execute(SPACE.key(thread + "-" + i), Add.shared(5, LONG));
                    if (i % 16 == 0) {
                        most.accumulateAndGet(store.stats().keys(), Math::max);
                    }
                }
                return thread;
            });
            assertThat(most.get()).isLessThanOrEqualTo(10_000);
            assertThat(slotsOf(store)).isBetween(9_990L, 10_000L);
            assertThat(store.execute(victim, Add.shared(5, LONG))).isNegative();
            assertThat(store.stats().overflowSubjects()).isEqualTo(1);
            // Told by different threads, of which either may be held up on its way.
            assertThat(heard).containsExactlyInAnyOrder(Pressure.CROWDED, Pressure.OVERFLOWING);
        }
    }

    private static long slotsOf(MemoryStore store) {
        long count = 0;
        String cursor = null;
        do {
            KeyScan.Page page = store.keys().page(KeyRange.of(SPACE), cursor, 10_000);
            count += page.keys().size();
            cursor = page.next();
        } while (cursor != null);
        return count;
    }

    @Test
    void shortLivedKeysThatNobodyReadsAgainAreSwept() {
        try (MemoryStore store = store(2_000_000)) {
            for (int i = 0; i < 1_000_000; i++) {
                store.execute(SPACE.key("k" + i), Add.shared(5, 1_000_000));
            }
            assertThat(store.stats().keys()).isEqualTo(1_000_000);
            clock.advance(999_999);
            store.sweep();
            assertThat(store.stats().keys()).isEqualTo(1_000_000);
            clock.advance(1);
            store.sweep();
            assertThat(store.stats().keys()).isZero();
            assertThat(store.stats().collected()).isEqualTo(1_000_000);
        }
    }

    @Test
    void insertionsAloneKeepShortLivedKeysFew() {
        try (MemoryStore store = store(1_000)) {
            for (int i = 0; i < 100_000; i++) {
                store.execute(SPACE.key("k" + i), Add.shared(5, 100));
                clock.advance(1);
            }
            assertThat(store.stats().keys()).isLessThan(400);
            assertThat(store.stats().overflowed()).isZero();
        }
    }

    @Test
    void endlessValuesAreNeverCollected() {
        try (MemoryStore store = store(10)) {
            for (int i = 0; i < 10; i++) {
                store.execute(SPACE.key("k" + i), new Add(1, 5, 0, false));
            }
            clock.advance(LONG * 24 * 36_500);
            store.sweep();
            assertThat(store.stats().keys()).isEqualTo(10);
            assertThatThrownBy(() -> store.execute(SPACE.key("new"), Add.one(5)))
                    .isInstanceOf(StoreFullException.class)
                    .hasMessageEndingWith("[sum 'bound']");
            assertThat(store.stats().refused()).isEqualTo(1);
        }
    }

    @Test
    void whatWritesNothingNeedsNoRoom() {
        try (MemoryStore store = store(1)) {
            store.execute(SPACE.key("only"), Add.one(5));
            assertThat(store.execute(SPACE.key("new"), new Add(0, 5, 0, false))).isZero();
            assertThat(store.execute(SPACE.key("new"), new Add(9, 5, 0, false))).isEqualTo(-1);
            assertThat(store.stats().keys()).isEqualTo(1);
            assertThat(store.stats().refused()).isZero();
        }
    }

    @Test
    void newKeysOfAFullStoreShareOneSubjectOfTheirSpaceAlone() {
        try (MemoryStore store = store(1)) {
            store.execute(SPACE.key("first"), Add.shared(3, LONG));
            for (int i = 1; i <= 3; i++) {
                assertThat(store.execute(SPACE.key("k" + i), Add.shared(3, LONG)))
                        .isEqualTo(i);
            }
            assertThat(store.execute(SPACE.key("k4"), Add.shared(3, LONG))).isEqualTo(-4);
            assertThat(store.execute(SPACE.key("first"), Add.shared(3, LONG))).isEqualTo(2);
            KeySpace other = KeySpace.of("test", "sum", "other");
            assertThat(store.execute(other.key("k1"), Add.shared(3, LONG))).isEqualTo(1);
        }
    }

    @Test
    void aKeyThatGetsRoomStartsFromACopyOfTheOverflow() {
        try (MemoryStore store = store(1)) {
            store.execute(SPACE.key("first"), Add.shared(3, 1_000));
            store.execute(SPACE.key("late"), Add.shared(3, LONG));
            store.execute(SPACE.key("late"), Add.shared(3, LONG));
            clock.advance(1_000);
            assertThat(store.execute(SPACE.key("late"), Add.shared(3, LONG))).isEqualTo(3);
            assertThat(store.execute(SPACE.key("late"), Add.shared(3, LONG))).isEqualTo(-4);
            assertThat(store.stats().collected()).isEqualTo(1);
            assertThat(store.stats().overflowed()).isEqualTo(2);
        }
    }

    @Test
    void anOverflowSubjectThatNobodyNeedsAnyMoreIsForgotten() {
        try (MemoryStore store = store(1)) {
            store.execute(SPACE.key("first"), Add.shared(3, 1_000));
            store.execute(SPACE.key("late"), Add.shared(3, 2_000));
            clock.advance(2_000);
            store.sweep();
            assertThat(store.stats().overflowSubjects()).isZero();
            assertThat(store.execute(SPACE.key("late"), Add.shared(3, LONG))).isEqualTo(1);
            assertThat(heard)
                    .containsExactly(Pressure.CROWDED, Pressure.OVERFLOWING, Pressure.RELAXED, Pressure.CROWDED);
        }
    }

    @Test
    void attemptsSpreadOverManySubjects() {
        try (MemoryStore store = store(1)) {
            KeySpace attempts = KeySpace.of("test", "attempt", "login");
            store.execute(attempts.key("first"), Add.shared(3, LONG));
            for (int i = 0; i < 1_000; i++) {
                store.execute(attempts.key("account" + i), Add.shared(3, LONG));
            }
            assertThat(store.stats().overflowSubjects()).isBetween(900L, 1_000L);
        }
    }

    @Test
    void jointStepsOfAFullStoreShareTheOverflowAndRefuseTogether() {
        try (MemoryStore store = store(1)) {
            StoreKey first = SPACE.key("first");
            store.execute(first, Add.shared(9, LONG));
            KeyedOperation<Long> a = new KeyedOperation<>(SPACE.key("a"), Add.shared(4, LONG));
            KeyedOperation<Long> b = new KeyedOperation<>(SPACE.key("b"), Add.shared(4, LONG));
            KeyedOperation<Long> own = new KeyedOperation<>(first, Add.shared(9, LONG));
            assertThat(store.executeAll(List.of(a, own, b)).results()).isEqualTo(List.of(1L, 2L, 2L));
            assertThat(store.executeAll(List.of(a, own, b)).results()).isEqualTo(List.of(3L, 3L, 4L));
            assertThat(store.executeAll(List.of(a, own, b)).admitted()).isFalse();
            assertThat(store.execute(first, Add.shared(9, LONG))).isEqualTo(4);
            KeyedOperation<Long> strict = new KeyedOperation<>(SPACE.key("strict"), Add.one(9));
            assertThatThrownBy(() -> store.executeAll(List.of(own, strict))).isInstanceOf(StoreFullException.class);
            assertThat(store.execute(first, Add.shared(9, LONG))).isEqualTo(5);
        }
    }

    @Test
    void racingForTheLastPlacesNeitherBreaksTheBoundNorAdmitsTooMuch() throws Exception {
        for (int round = 0; round < 200; round++) {
            int number = round;
            try (MemoryStore store = store(4)) {
                store.execute(SPACE.key("brief"), Add.shared(8, 1));
                store.execute(SPACE.key("long-1"), Add.shared(8, LONG));
                store.execute(SPACE.key("long-2"), Add.shared(8, LONG));
                store.execute(SPACE.key("long-3"), Add.shared(8, LONG));
                List<Long> admitted = Together.run(4, thread -> {
                    long count = 0;
                    for (int i = 0; i < 8; i++) {
                        if (thread == number % 4 && i == 2) {
                            clock.advance(1);
                        }
                        count += store.execute(SPACE.key("wanted"), Add.shared(8, LONG)) > 0 ? 1 : 0;
                    }
                    return count;
                });
                assertThat(admitted.stream().mapToLong(n -> n).sum()).isEqualTo(8);
                assertThat(store.stats().keys()).isLessThanOrEqualTo(4);
            }
        }
    }
}
