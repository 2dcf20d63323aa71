package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Listing and clearing beside others who write. */
class MemoryStoreScanTest {

    private static final KeySpace SPACE = KeySpace.of("test", "sum", "scan");
    private static final int PASSING = 1_000;
    private static final int PAGES = 100;

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
    void pagesHaveEveryLastingKeyOnceWhileOthersComeAndGo() {
        List<StoreKey> lasting = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            lasting.add(SPACE.key(i % 3 == 0 ? "x".repeat(120) + i : "k" + i));
            store.execute(lasting.get(i), Add.one(9));
        }
        AtomicInteger gone = new AtomicInteger();
        List<StoreKey> seen = Together.run(2, thread -> thread == 0 ? scan(gone) : comeAndGo(gone))
                .get(0);
        assertThat(gone).hasValue(PASSING);
        List<StoreKey> seenOfLasting =
                seen.stream().filter(key -> !isPassing(key)).sorted().toList();
        assertThat(seenOfLasting).isEqualTo(lasting.stream().sorted().toList());
    }

    private static boolean isPassing(StoreKey key) {
        return key.subject().get(0).startsWith("passing");
    }

    /** Pages through the space, each page after some more keys have gone. */
    private List<StoreKey> scan(AtomicInteger gone) {
        List<StoreKey> seen = new ArrayList<>();
        KeyScan.Page page = store.keys().page(KeyRange.of(SPACE), null, 100);
        for (int pages = 1; ; pages++) {
            assertThat(page.keys()).hasSizeLessThanOrEqualTo(100);
            seen.addAll(page.keys());
            if (page.next() == null) {
                return seen;
            }
            int due = Math.min(PASSING, pages * PASSING / PAGES);
            while (gone.get() < due && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            page = store.keys().page(KeyRange.of(SPACE), page.next(), 100);
        }
    }

    private List<StoreKey> comeAndGo(AtomicInteger gone) {
        for (int i = 0; i < PASSING; i++) {
            StoreKey key = SPACE.key("passing" + i);
            store.execute(key, new Add(1, 9, 1, false));
            if (i % 2 == 0) {
                store.execute(key, new Write(null, 0));
            } else {
                clock.advance(1);
            }
            gone.incrementAndGet();
        }
        return List.of();
    }

    @Test
    void clearingBesideWritersTakesNothingOfTheirs() {
        List<KeySpace> neighbours = List.of(
                SPACE.withKind("other"),
                KeySpace.of("test", "sum", "scan/child"),
                KeySpace.of("test", "sum", "scan2"),
                KeySpace.of("test2", "sum", "scan"));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger writing = new AtomicInteger(neighbours.size());
        List<Long> cleared = Together.run(neighbours.size() + 1, thread -> {
            if (thread == neighbours.size()) {
                return clearUntil(done);
            }
            for (int i = 0; i < 20_000; i++) {
                KeySpace own = neighbours.get(thread);
                assertThat(store.execute(own.key("k" + i % 100), Add.one(Long.MAX_VALUE)))
                        .isEqualTo(i / 100 + 1);
                store.execute(SPACE.key(thread + "-" + i % 100), Add.one(Long.MAX_VALUE));
            }
            done.set(writing.decrementAndGet() == 0);
            return 0L;
        });
        assertThat(cleared.get(neighbours.size())).isPositive();
        assertThat(store.keys().page(KeyRange.of(SPACE), null, 100).keys()).isEmpty();
        for (KeySpace neighbour : neighbours) {
            assertThat(store.keys().page(KeyRange.of(neighbour), null, 1_000).keys())
                    .hasSize(100);
        }
    }

    private long clearUntil(AtomicBoolean done) {
        long cleared = 0;
        boolean last;
        do {
            last = done.get() || Thread.currentThread().isInterrupted();
            cleared += store.keys().clear(KeyRange.of(SPACE));
        } while (!last);
        return cleared;
    }
}
