package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.Together;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Exact counts under contention. */
class MemoryStoreThreadsTest {

    private static final KeySpace SPACE = KeySpace.of("test", "sum", "threads");

    private final TestClock clock = new TestClock();
    private final MemoryStore store = MemoryStore.builder().clock(clock).build();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void incrementsOfOneKeyAreEachCountedOnce() throws Exception {
        StoreKey key = SPACE.key("hot");
        List<long[]> seen = Together.run(16, thread -> IntStream.range(0, 500)
                .mapToLong(i -> store.execute(key, Add.one(Long.MAX_VALUE)))
                .toArray());
        assertThat(seen.stream().flatMapToLong(LongStream::of).sorted())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 8_000).boxed().toList());
    }

    @Test
    void aThousandPermitsAdmitAThousandCalls() throws Exception {
        StoreKey key = SPACE.key("permits");
        List<Long> admitted = Together.run(16, thread -> IntStream.range(0, 500)
                .filter(i -> store.execute(key, Add.one(1_000)) > 0)
                .count());
        assertThat(admitted.stream().mapToLong(n -> n).sum()).isEqualTo(1_000);
    }

    @Test
    void manyMoreThreadsThanProcessorsStayExact() throws Exception {
        StoreKey key = SPACE.key("crowd");
        Together.run(64, thread -> {
            for (int i = 0; i < 2_000; i++) {
                store.execute(key, Add.one(Long.MAX_VALUE));
            }
            return thread;
        });
        assertThat(store.execute(key, new Add(0, Long.MAX_VALUE, 0, false))).isEqualTo(128_000);
    }

    @Test
    void jointStepsInCrossedOrderNeitherDeadlockNorMiscount() throws Exception {
        KeyedOperation<Long> a = new KeyedOperation<>(SPACE.key("a"), Add.one(Long.MAX_VALUE));
        KeyedOperation<Long> b = new KeyedOperation<>(SPACE.key("b"), Add.one(Long.MAX_VALUE));
        Together.run(16, thread -> {
            for (int i = 0; i < 500; i++) {
                List<?> sums = store.executeAll(thread % 2 == 0 ? List.of(a, b) : List.of(b, a))
                        .results();
                assertThat(sums.get(0)).isEqualTo(sums.get(1));
            }
            return thread;
        });
        assertThat(store.execute(a.key(), Add.one(Long.MAX_VALUE))).isEqualTo(8_001);
        assertThat(store.execute(b.key(), Add.one(Long.MAX_VALUE))).isEqualTo(8_001);
    }

    @Test
    void keysThatComeAndGoUnderTheSweeperLoseNoChargeThatCounts() throws Exception {
        MemoryStore swept = MemoryStore.builder()
                .clock(clock)
                .sweepInterval(Duration.ofMillis(1))
                .build();
        List<Long> admitted = Together.run(8, thread -> {
            long count = 0;
            for (int i = 0; i < 20_000; i++) {
                count += swept.execute(SPACE.key("k" + i / 100), Add.shared(10, 60_000_000)) > 0 ? 1 : 0;
                swept.execute(SPACE.key("gone" + i), new Add(1, 10, 1, false));
                clock.advance(1);
            }
            return count;
        });
        swept.close();
        assertThat(admitted.stream().mapToLong(n -> n).sum()).isEqualTo(200 * 10);
    }

    @Test
    void slotsThatDieAtOnceAreMadeAnewByWhoeverComesNext() throws Exception {
        StoreKey key = SPACE.key("flicker");
        Together.run(8, thread -> {
            for (int i = 0; i < 20_000; i++) {
                if (thread == 0) {
                    store.keys().clear(KeyRange.of(SPACE));
                } else {
                    store.execute(key, Add.one(Long.MAX_VALUE));
                }
            }
            return thread;
        });
        store.keys().clear(KeyRange.of(SPACE));
        assertThat(store.stats().keys()).isZero();
        assertThat(store.execute(key, Add.one(10))).isEqualTo(1);
    }
}
