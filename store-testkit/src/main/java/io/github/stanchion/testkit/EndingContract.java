package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.CounterOverflowException;
import io.github.stanchion.store.NotACounterException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Value;
import io.github.stanchion.store.primitive.CounterGet;
import io.github.stanchion.store.primitive.CounterIncrement;
import io.github.stanchion.store.primitive.CounterReply;
import io.github.stanchion.store.primitive.Mark;
import io.github.stanchion.store.primitive.Payload;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.store.primitive.ValueCompareAndDelete;
import io.github.stanchion.store.primitive.ValueCompareAndSet;
import io.github.stanchion.store.primitive.ValueDeleteIfEqual;
import io.github.stanchion.store.primitive.ValueRead;
import io.github.stanchion.store.primitive.ValueReply;
import io.github.stanchion.store.primitive.ValueSetIfAbsent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Counters and values: they end at their instant for everybody, and whoever is refused changes nothing. */
abstract class EndingContract extends TimeContract {

    private static final Duration LIFE = Duration.ofSeconds(2);

    private static final long RETENTION = 600_000_000;

    private final AtomicLong writes = new AtomicLong();

    EndingContract() {}

    @Test
    void aCounterEndsExactlyAtItsInstant() {
        StoreKey key = key("ending");
        increment(key, 7, Ttl.onCreate(LIFE));
        clock.advanceMicros(1_999_999);
        assertThat(get(key).count()).isEqualTo(7);
        assertThat(increment(key, 1, Ttl.onCreate(LIFE)).count()).isEqualTo(8);
        clock.advanceMicros(1);
        assertThat(get(key).exists()).isFalse();
        assertThat(increment(key, 1, Ttl.onCreate(LIFE)))
                .returns(1L, CounterReply::count)
                .returns(false, CounterReply::existed);
    }

    @Test
    void aCounterWithoutAnEndDoesNotEnd() {
        StoreKey key = key("endless");
        increment(key, 7, Ttl.none());
        clock.advance(Duration.ofDays(36_500));
        assertThat(get(key).count()).isEqualTo(7);
    }

    @Test
    void aRefusedIncrementMovesNeitherCountNorEnd() {
        StoreKey key = key("bounded");
        long endsAt = clock.micros() + 2_000_000;
        increment(key, 9, Ttl.of(LIFE));
        clock.advanceMicros(1_000_000);
        CounterIncrement tooMuch = new CounterIncrement(2, Long.MIN_VALUE, 10, false, Ttl.of(Duration.ofMinutes(1)));
        assertThat(store().execute(key, tooMuch).applied()).isFalse();
        assertThat(store().executeAll(List.of(step(key, tooMuch))).admitted()).isFalse();
        assertThat(read(key)).isEqualTo(new Counter(9, endsAt));
    }

    @Test
    void anOverflowingIncrementMovesNeitherCountNorEnd() {
        StoreKey key = key("full");
        long endsAt = clock.micros() + 2_000_000;
        increment(key, Long.MAX_VALUE, Ttl.of(LIFE));
        assertThatThrownBy(() -> increment(key, 1, Ttl.of(Duration.ofMinutes(1))))
                .isInstanceOf(CounterOverflowException.class);
        assertThat(read(key)).isEqualTo(new Counter(Long.MAX_VALUE, endsAt));
    }

    @Test
    void whatIsNoCounterIsLeftUntouched() {
        StoreKey key = key("cells");
        put(key, Cells.of(1));
        assertThatThrownBy(() -> increment(key, 1, Ttl.none())).isInstanceOf(NotACounterException.class);
        assertSum(key, 1);
    }

    @Test
    void incrementsOfThreadsAreCountedToTheLastBit() {
        StoreKey key = key("big");
        long start = (1L << 53) + 1;
        increment(key, start, Ttl.none());
        Together.run(THREADS, thread -> IntStream.range(0, 50)
                .mapToObj(i -> increment(key, 1, Ttl.none()).count())
                .distinct()
                .count());
        assertThat(get(key).count()).isEqualTo(start + 50 * THREADS);
    }

    @Test
    void aValueEndsExactlyAtItsInstant() {
        StoreKey key = key("value");
        long version = set(key, "a", Ttl.of(LIFE)).version();
        clock.advanceMicros(1_999_999);
        assertThat(set(key, "b", Ttl.none()).applied()).isFalse();
        assertThat(value(key)).returns(version, ValueReply::version).returns(Payload.of("a"), ValueReply::payload);
        clock.advanceMicros(1);
        assertThat(value(key).present()).isFalse();
        assertThat(set(key, "b", Ttl.none()).applied()).isTrue();
    }

    @Test
    void aDeletionBySomebodyElseLeavesTheValueAlone() {
        StoreKey key = key("owned");
        long version = set(key, "a", Ttl.of(LIFE)).version();
        Value before = read(key);
        assertThat(store().execute(key, new ValueCompareAndDelete(version + 1, mark()))
                        .applied())
                .isFalse();
        assertThat(store().execute(key, new ValueDeleteIfEqual(mark(), Payload.of("b")))
                        .applied())
                .isFalse();
        assertThat(read(key)).isEqualTo(before);
        assertThat(store().execute(key, new ValueCompareAndDelete(version, mark()))
                        .applied())
                .isTrue();
        assertThat(value(key).present()).isFalse();
    }

    @Test
    void aVersionDoesNotComeBackWithAnEqualValue() {
        StoreKey key = key("aba");
        long version = set(key, "a", Ttl.of(LIFE)).version();
        store().execute(key, new ValueCompareAndDelete(version, mark()));
        long again = set(key, "a", Ttl.of(LIFE)).version();
        assertThat(again).isGreaterThan(version);
        assertThat(store().execute(key, new ValueCompareAndSet(version, Ttl.keep(), mark(), false, Payload.of("lost")))
                        .applied())
                .isFalse();
        assertThat(value(key).payload()).isEqualTo(Payload.of("a"));
    }

    @Test
    void oneOfManyThreadsReplacesAVersion() {
        StoreKey key = key("contended");
        for (int round = 0; round < 20; round++) {
            long version = value(key).version();
            List<Boolean> replaced = Together.run(THREADS, thread -> store().execute(
                            key, new ValueCompareAndSet(version, Ttl.none(), mark(), false, Payload.of("by " + thread)))
                    .applied());
            assertThat(replaced).containsOnlyOnce(true);
        }
    }

    private ValueReply set(StoreKey key, String value, Ttl ttl) {
        return store().execute(key, new ValueSetIfAbsent(ttl, mark(), false, Payload.of(value)));
    }

    private ValueReply value(StoreKey key) {
        return store().execute(key, new ValueRead(true));
    }

    private Mark mark() {
        return new Mark(1, writes.incrementAndGet(), RETENTION);
    }

    private CounterReply increment(StoreKey key, long delta, Ttl ttl) {
        return store().execute(key, new CounterIncrement(delta, Long.MIN_VALUE, Long.MAX_VALUE, false, ttl));
    }

    private CounterReply get(StoreKey key) {
        return store().execute(key, new CounterGet());
    }
}
