package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.Count;
import io.github.stanchion.store.primitive.TimeLeft;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.testkit.Together;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What ends by the process's own clock, and is swept by the store's own thread. */
class MemoryStoreOwnTimeTest {

    private static final KeySpace SPACE = KeySpace.of("test", "sum", "brief");
    private static final long WINDOW_MICROS = 50_000;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

    @Test
    void windowsCountFromOneWithoutAGapAndAddUpToTheCalls() {
        WatchedClock clock = new WatchedClock();
        try (MemoryStore store = MemoryStore.builder().clock(clock).build()) {
            AtomicCounters counters = new AtomicCounters(store, "test");
            Ttl window = Ttl.onCreate(Duration.of(WINDOW_MICROS, ChronoUnit.MICROS));
            long start = System.nanoTime();
            List<Counted> counted = Together.run(16, thread -> {
                Counted own = new Counted();
                while (System.nanoTime() - start < NANOS) {
                    own.add(counters.increment("c", window), clock.told.get());
                }
                return own;
            });
            Counted all = new Counted();
            counted.forEach(all::add);
            all.assertNoneLostNorCountedTwice();
        }
    }

    /** Remembers what it told each thread last: after a step on a key, the time of that step. */
    private static final class WatchedClock implements MicroClock {

        private final MicroClock process = MicroClock.system();
        private final ThreadLocal<Long> told = new ThreadLocal<>();

        @Override
        public long micros() {
            long now = process.micros();
            told.set(now);
            return now;
        }
    }

    /** The counts that were answered, by the end of their window. */
    private static final class Counted {

        private final Map<Long, BitSet> windows = new TreeMap<>();
        private long calls;

        void add(Count count, long decidedAt) {
            assertThat(count.timeLeft()).isInstanceOf(TimeLeft.Remaining.class);
            Duration left = ((TimeLeft.Remaining) count.timeLeft()).left();
            long end = decidedAt + TimeUnit.NANOSECONDS.toMicros(left.toNanos());
            windows.computeIfAbsent(end, each -> new BitSet()).set((int) count.value());
            calls++;
        }

        void add(Counted other) {
            other.windows.forEach((end, counts) ->
                    windows.computeIfAbsent(end, each -> new BitSet()).or(counts));
            calls += other.calls;
        }

        void assertNoneLostNorCountedTwice() {
            assertThat(windows).hasSizeGreaterThan(1);
            assertThat(windows.values())
                    .allMatch(counts -> counts.nextSetBit(0) == 1 && counts.nextClearBit(1) == counts.length());
            assertThat(windows.values().stream().mapToLong(BitSet::cardinality).sum())
                    .isEqualTo(calls);
            List<Long> ends = List.copyOf(windows.keySet());
            for (int i = 1; i < ends.size(); i++) {
                assertThat(ends.get(i) - ends.get(i - 1)).isGreaterThanOrEqualTo(WINDOW_MICROS);
            }
        }
    }

    @Test
    void keysThatNobodyReadsAgainVanishByThemselves() throws Exception {
        RateBucket bucket = new RateBucket(1, 1, 0, 0, BucketShape.of(new Bandwidth(10, 10, 1_000_000)));
        try (MemoryStore store = MemoryStore.builder()
                .maxKeys(200_000)
                .sweepInterval(Duration.ofMillis(50))
                .build()) {
            for (int i = 0; i < 50_000; i++) {
                store.execute(SPACE.key("sum" + i), Add.shared(5, 100_000));
                store.execute(SPACE.key("bucket" + i), bucket);
            }
            store.execute(SPACE.key("lasting"), Add.one(5));
            assertThat(Threads.eventually(() -> store.stats().keys() < 1_000)).isTrue();
            assertThat(Threads.eventually(() -> store.stats().keys() == 1)).isTrue();
            assertThat(store.stats().collected()).isEqualTo(100_000);
            assertThat(store.isSweeping()).isTrue();
        }
    }
}
