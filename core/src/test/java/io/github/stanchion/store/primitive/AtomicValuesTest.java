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
