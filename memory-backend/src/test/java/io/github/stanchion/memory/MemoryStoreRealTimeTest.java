package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.Together;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limit holds on the process's own clock, and nothing of it is lost. */
@Tag("long")
class MemoryStoreRealTimeTest {

    private static final StoreKey KEY =
            KeySpace.of("test", "rate-bucket", "real").key("hot");
    private static final RateBucket ONE =
            new RateBucket(1, 1, 0, 0, BucketShape.of(new Bandwidth(1_000, 1_000, 1_000_000)));
    private static final long NANOS = TimeUnit.SECONDS.toNanos(5);

    @Test
    void sixteenThreadsGetAllThatFlowsInAndNoMore() throws Exception {
        try (MemoryStore store = MemoryStore.create()) {
            long start = System.nanoTime();
            List<Asked> asked = Together.run(16, thread -> ask(store));
            double atMost = seconds(System.nanoTime() - start);
            double atLeast = seconds(asked.stream().mapToLong(Asked::last).max().orElseThrow()
                    - asked.stream().mapToLong(Asked::first).min().orElseThrow());
            long admitted = asked.stream().mapToLong(Asked::admitted).sum();
            assertThat((double) admitted).isBetween(980 * (atLeast + 1), 1_000 * (atMost + 1));
        }
    }

    private static Asked ask(MemoryStore store) {
        long first = System.nanoTime();
        long last = first;
        long admitted = 0;
        while (last - first < NANOS) {
            admitted += store.execute(KEY, ONE).admitted() ? 1 : 0;
            last = System.nanoTime();
        }
        return new Asked(admitted, first, last);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    /** What one thread got between two readings of the clock, the former before its first question. */
    private record Asked(long admitted, long first, long last) {}
}
