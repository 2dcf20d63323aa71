package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.store.KeySpace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a key costs on the heap. */
class MemoryStoreHeapTest {

    private static final KeySpace SPACE = KeySpace.of("test", "rate-bucket", "heap");
    private static final RateBucket TAKE =
            new RateBucket(1, 1, 0, 0, BucketShape.of(new Bandwidth(10, 10, 3_600_000_000L)));
    private static final int KEYS = 150_000;

    /** The key, its slot, and their place in the table; not the text of the subject. */
    @Test
    void aKeyOfOneBandwidthTakesAHundredAndThirtyBytesBesideItsText() {
        List<String> texts = IntStream.range(0, KEYS).mapToObj(i -> "k" + i).toList();
        // All are kept to the end: what is collected in between would count against the one that is measured.
        List<MemoryStore> stores = new ArrayList<>();
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long before = usedHeap();
            MemoryStore store = MemoryStore.builder().maxKeys(KEYS).build();
            stores.add(store);
            texts.forEach(text -> store.execute(SPACE.key(text), TAKE));
            best = Math.min(best, usedHeap() - before);
        }
        assertThat(stores).allMatch(store -> store.stats().keys() == KEYS);
        stores.forEach(MemoryStore::close);
        assertThat(best / KEYS).isBetween(40L, 130L);
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
