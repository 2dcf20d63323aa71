package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
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
            List<Long> admitted = Threads.together(16, thread -> {
                long count = 0;
                while (System.nanoTime() - start < NANOS) {
                    count += store.execute(KEY, ONE).admitted() ? 1 : 0;
                }
                return count;
            });
            double seconds = (System.nanoTime() - start) / 1e9;
            long sum = admitted.stream().mapToLong(n -> n).sum();
            assertThat((double) sum).isBetween(980 * (seconds + 1), 1_000 * (seconds + 1));
        }
    }
}
