package io.github.stanchion.store.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.MapStore;
import io.github.stanchion.store.SettableClock;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.UnreadableStateException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AtomicValuesTest extends ValuesContract {

    private MapStore map;

    @Override
    AtomicStore store(SettableClock clock) {
        map = new MapStore(clock);
        return map;
    }

    @Test
    void foreignStateIsLeftUntouched() {
        StoreKey key = KeySpace.of("test", "value", "default").key("k");
        map.plant(key, new Counter(1, 0));
        assertThatThrownBy(() -> values.get("k")).isInstanceOf(UnreadableStateException.class);
        assertThatThrownBy(() -> values.put("k", "a", HOUR)).isInstanceOf(UnreadableStateException.class);
        assertThatThrownBy(() -> values.delete("k")).isInstanceOf(UnreadableStateException.class);
        assertThat(map.value(key)).isEqualTo(new Counter(1, 0));
    }

    @Test
    void refusedArgumentsReachNoStore() {
        argumentsThatCannotBeMeantAreRefused();
        assertThat(map.calls()).isZero();
    }

    @Test
    void eachCallIsOneStoreCall() {
        byte[] x = {1};
        Duration second = Duration.ofSeconds(1);
        List<Runnable> calls = List.of(
                () -> values.get("k"),
                () -> values.getAsync("k"),
                () -> values.timeLeft("k"),
                () -> values.timeLeftAsync("k"),
                () -> values.getAndRenew("k", second),
                () -> values.getAndRenewAsync("k", second),
                () -> values.put("k", "a", HOUR),
                () -> values.putAsync("k", "a", HOUR),
                () -> values.put("k", x, HOUR),
                () -> values.putAsync("k", x, HOUR),
                () -> values.putFenced("k", "a", 1, HOUR),
                () -> values.putFencedAsync("k", "a", 1, HOUR),
                () -> values.putFenced("k", x, 1, HOUR),
                () -> values.putFencedAsync("k", x, 1, HOUR),
                () -> values.setIfAbsent("k", "a", HOUR),
                () -> values.setIfAbsentAsync("k", "a", HOUR),
                () -> values.setIfAbsent("k", x, HOUR),
                () -> values.setIfAbsentAsync("k", x, HOUR),
                () -> values.consumeOnce("k", second),
                () -> values.consumeOnceAsync("k", second),
                () -> values.compareAndSet("k", 1, "a"),
                () -> values.compareAndSetAsync("k", 1, "a"),
                () -> values.compareAndSet("k", 1, x),
                () -> values.compareAndSetAsync("k", 1, x),
                () -> values.compareAndSet("k", 1, "a", HOUR),
                () -> values.compareAndSetAsync("k", 1, "a", HOUR),
                () -> values.compareAndSet("k", 1, x, HOUR),
                () -> values.compareAndSetAsync("k", 1, x, HOUR),
                () -> values.compareAndDelete("k", 1),
                () -> values.compareAndDeleteAsync("k", 1),
                () -> values.deleteIfEquals("k", "b"),
                () -> values.deleteIfEqualsAsync("k", "b"),
                () -> values.deleteIfEquals("k", x),
                () -> values.deleteIfEqualsAsync("k", x),
                () -> values.delete("k"),
                () -> values.deleteAsync("k"),
                () -> values.getAndDelete("k"),
                () -> values.getAndDeleteAsync("k"),
                () -> values.getAndSet("k", "a", HOUR),
                () -> values.getAndSetAsync("k", "a", HOUR),
                () -> values.getAndSet("k", x, HOUR),
                () -> values.getAndSetAsync("k", x, HOUR));
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).run();
            assertThat(map.calls()).as("call %s", i).isEqualTo(i + 1L);
        }
        values.update("k", value -> value, HOUR);
        assertThat(map.calls()).as("a read and a replacement").isEqualTo(calls.size() + 2L);
    }

    @Test
    void tombstonesAreCollectedAfterTheRetention() {
        values.put("k", "a", HOUR);
        values.delete("k");
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(map.size()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(map.size()).isZero();
        values.put("k", "a", Ttl.of(Duration.ofMinutes(1)));
        clock.advance(Duration.ofMinutes(11).minusMillis(1));
        assertThat(map.size()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(map.size()).isZero();
        values.putFenced("k", "a", 1, Ttl.of(Duration.ofMinutes(1)));
        clock.advance(Duration.ofMinutes(1).plusHours(24));
        assertThat(map.size()).isZero();
    }

    @Test
    void clearTakesANamespaceAndItsChildrenAlone() {
        AtomicValues a = values.namespace("a");
        a.put("k", "1", HOUR);
        a.namespace("b").put("k", "2", HOUR);
        values.namespace("ab").put("k", "3", HOUR);
        long version = a.get("k").version();
        assertThat(a.clear()).isEqualTo(2);
        assertThat(a.namespace("b").get("k").isAbsent()).isTrue();
        assertThat(values.namespace("ab").get("k").text()).isEqualTo("3");
        clock.advanceMicros(1);
        assertThat(a.put("k", "4", HOUR)).isGreaterThan(version);
    }

    @Test
    void payloadsAreShownNowhere() {
        values.put("k", "secret", HOUR);
        assertThat(values.get("k").toString()).doesNotContain("secret").contains("6 bytes");
        assertThat(new ValuePut(0, HOUR, new Mark(1, 1, 1), false, Payload.of("secret")).toString())
                .doesNotContain("secret");
    }

    @Test
    void bytesThatAreNoTextAreNotGuessed() {
        values.put("k", new byte[] {-1}, HOUR);
        assertThatThrownBy(() -> values.get("k").text()).isInstanceOf(IllegalStateException.class);
    }
}
