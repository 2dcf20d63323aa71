package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.CounterOverflowException;
import io.github.stanchion.store.NotACounterException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.primitive.CounterGet;
import io.github.stanchion.store.primitive.CounterIncrement;
import io.github.stanchion.store.primitive.CounterReply;
import io.github.stanchion.store.primitive.Ttl;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Counters: they end at their instant for everybody, and what is refused keeps count and end. */
abstract class PrimitiveContract extends TimeContract {

    private static final Duration LIFE = Duration.ofSeconds(2);

    PrimitiveContract() {}

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
        together(THREADS, thread -> IntStream.range(0, 50)
                .mapToObj(i -> increment(key, 1, Ttl.none()).count())
                .distinct()
                .count());
        assertThat(get(key).count()).isEqualTo(start + 50 * THREADS);
    }

    private CounterReply increment(StoreKey key, long delta, Ttl ttl) {
        return store().execute(key, new CounterIncrement(delta, Long.MIN_VALUE, Long.MAX_VALUE, false, ttl));
    }

    private CounterReply get(StoreKey key) {
        return store().execute(key, new CounterGet());
    }
}
