package io.github.stanchion.store.primitive;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.MapStore;
import io.github.stanchion.store.SettableClock;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AtomicCountersTest extends CountersContract {

    private MapStore map;

    @Override
    AtomicStore store(SettableClock clock) {
        map = new MapStore(clock);
        return map;
    }

    @Test
    void foreignStateIsLeftUntouched() {
        StoreKey key = KeySpace.of("test", "counter", "default").key("c");
        map.plant(key, Cells.of(1));
        notACounter(() -> counters.get("c"));
        notACounter(() -> counters.increment("c", HOUR));
        notACounter(() -> counters.set("c", 1, HOUR));
        notACounter(() -> counters.delete("c"));
        assertThat(map.value(key)).isEqualTo(Cells.of(1));
    }

    @Test
    void refusedArgumentsReachNoStore() {
        argumentsThatCannotBeMeantAreRefused();
        assertThat(map.calls()).isZero();
    }

    @Test
    void eachCallIsOneStoreCall() {
        counters.increment("c", HOUR);
        counters.getAndRenew("c", Duration.ofSeconds(1));
        counters.incrementIfWithin("c", 1, 0, HOUR);
        assertThat(map.calls()).isEqualTo(3);
        List<BoundedIncrement> several =
                List.of(new BoundedIncrement("c", 1, 9, HOUR), new BoundedIncrement("d", 1, 9, HOUR));
        assertThat(counters.incrementAllIfWithin(several).applied()).isTrue();
        assertThat(map.calls()).isEqualTo(4);
        assertThat(counters.incrementAllIfWithinAsync(several)
                        .toCompletableFuture()
                        .join()
                        .applied())
                .isTrue();
        assertThat(map.calls()).isEqualTo(5);
    }

    @Test
    void endedCountersAreCollected() {
        counters.increment("c", Ttl.of(Duration.ofSeconds(1)));
        clock.advance(Duration.ofSeconds(1));
        assertThat(map.size()).isZero();
    }

    @Test
    void clearTakesANamespaceAndItsChildrenAlone() {
        AtomicCounters a = counters.namespace("a");
        for (AtomicCounters each : new AtomicCounters[] {
            counters,
            a,
            a.namespace("b"),
            a.namespace("b").namespace("c"),
            counters.namespace("a/b"),
            counters.namespace("ab")
        }) {
            each.increment("k", HOUR);
        }
        assertThat(a.clear()).isEqualTo(3);
        assertThat(map.size()).isEqualTo(3);
        assertThat(a.namespace("b").get("k").value()).isZero();
        assertThat(counters.namespace("ab").get("k").value()).isEqualTo(1);
    }
}
