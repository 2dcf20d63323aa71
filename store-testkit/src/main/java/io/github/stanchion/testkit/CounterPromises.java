package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.stanchion.store.CounterOverflowException;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.BoundedIncrement;
import io.github.stanchion.store.primitive.Count;
import io.github.stanchion.store.primitive.TimeLeft;
import io.github.stanchion.store.primitive.Ttl;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Counters: exact under contention, bounded, ending when they say. */
abstract class CounterPromises extends StoreFixture {

    static final Ttl HOUR = Ttl.of(Duration.ofHours(1));

    final String namespace = UUID.randomUUID().toString();

    CounterPromises() {}

    final AtomicCounters counters() {
        return new AtomicCounters(store(), "kit").namespace(namespace);
    }

    static TimeLeft left(Duration duration) {
        return new TimeLeft.Remaining(duration);
    }

    /** What {@code each} call of every thread answers, in no particular order. */
    static <T> List<T> storm(int calls, LongFunction<T> each) {
        return Together.run(
                        THREADS,
                        thread -> LongStream.range(0, calls).mapToObj(each).toList())
                .stream()
                .flatMap(Collection::stream)
                .toList();
    }

    @Test
    void concurrentIncrementsYieldEachCountOnce() {
        List<Count> counts = storm(500, call -> counters().increment("c", Ttl.onCreate(Duration.ofHours(1))));
        assertThat(counts.stream().map(Count::value))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 500L * THREADS).boxed().toList());
        assertThat(counts).allMatch(count -> count.timeLeft().equals(left(Duration.ofHours(1))));
        assertThat(counts.stream().filter(Count::created)).hasSize(1);
    }

    @Test
    void windowsOfACounterAddUpToItsCalls() {
        long sum = 0;
        for (int window = 0; window < 10; window++) {
            List<Count> counts = storm(5, call -> counters().increment("c", Ttl.onCreate(Duration.ofMillis(50))));
            assertThat(counts.stream().filter(Count::created)).hasSize(1);
            clock.advanceMicros(49_999);
            sum += counters().get("c").value();
            clock.advanceMicros(1);
            assertThat(counters().get("c").timeLeft()).isEqualTo(new TimeLeft.Missing());
        }
        assertThat(sum).isEqualTo(50L * THREADS);
    }

    @Test
    void timeToLiveDoesWhatItSays() {
        Duration two = Duration.ofSeconds(2);
        counters().increment("created", Ttl.onCreate(two));
        counters().increment("moved", Ttl.of(two));
        counters().increment("ensured", Ttl.none());
        assertThat(counters().get("ensured").timeLeft()).isEqualTo(new TimeLeft.Endless());
        counters().increment("ensured", Ttl.ensure(two));
        clock.advance(Duration.ofSeconds(1));
        assertThat(counters().increment("created", Ttl.onCreate(two)).timeLeft())
                .isEqualTo(left(Duration.ofSeconds(1)));
        assertThat(counters().increment("moved", Ttl.of(two)).timeLeft()).isEqualTo(left(two));
        assertThat(counters().increment("ensured", Ttl.ensure(two)).timeLeft()).isEqualTo(left(Duration.ofSeconds(1)));
        clock.advance(Duration.ofSeconds(1));
        assertThat(counters().increment("created", Ttl.onCreate(two)).value()).isEqualTo(1);
        assertThat(counters().increment("ensured", Ttl.ensure(two)).value()).isEqualTo(1);
        assertThat(counters().increment("moved", Ttl.of(two)).value()).isEqualTo(3);
        clock.advanceMicros(1_500_000);
        assertThat(counters().get("moved").value()).isEqualTo(3);
        assertThat(counters().getAndRenew("moved", Duration.ofDays(1)).timeLeft())
                .isEqualTo(left(Duration.ofDays(1)));
        assertThat(counters().getAndRenew("nobody", two).timeLeft()).isEqualTo(new TimeLeft.Missing());
    }

    @Test
    void countsAreExactToTheLastOfSixtyFourBits() {
        long big = (1L << 53) + 1;
        assertThat(counters().increment("c", big, HOUR).value()).isEqualTo(big);
        assertThat(counters().decrement("c", 2, HOUR).value()).isEqualTo(big - 2);
        assertThat(counters().set("c", Long.MIN_VALUE, HOUR).value()).isEqualTo(Long.MIN_VALUE);
        assertThat(counters().increment("c", Long.MAX_VALUE, HOUR).value()).isEqualTo(-1);
        assertThatThrownBy(() -> counters().increment("c", Long.MIN_VALUE, Ttl.none()))
                .isInstanceOf(CounterOverflowException.class);
        assertThat(counters().get("c")).isEqualTo(new Count(-1, left(Duration.ofHours(1)), false, true));
        assertThat(counters().saturatingIncrement("c", Long.MAX_VALUE, 9, HOUR).value())
                .isEqualTo(9);
        assertThat(counters().saturatingDecrement("c", Long.MAX_VALUE, 0, HOUR).value())
                .isZero();
    }

    @Test
    void boundIsReachedExactlyAndRefusalsMoveNoEnd() {
        counters().set("c", 0, Ttl.of(Duration.ofMinutes(2)));
        List<Count> counts =
                storm(50, call -> counters().incrementIfWithin("c", 1, 100, Ttl.onCreate(Duration.ofHours(1))));
        assertThat(counts.stream().filter(Count::applied).map(Count::value))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(counters().incrementIfWithin("c", 1, 100, HOUR))
                .isEqualTo(new Count(100, left(Duration.ofMinutes(2)), false, false));
        assertThat(counters().decrementIfAtLeast("c", 101, 0, HOUR).applied()).isFalse();
        assertThat(counters().decrementIfAtLeast("c", 100, 0, HOUR).value()).isZero();
    }

    @Test
    void severalWindowsAreChargedTogetherOrNotAtAll() {
        List<BoundedIncrement> step = List.of(
                new BoundedIncrement("second", 1, 10, Ttl.onCreate(Duration.ofSeconds(1))),
                new BoundedIncrement("minute", 1, 25, Ttl.onCreate(Duration.ofMinutes(1))));
        long admitted = 0;
        for (long expected : new long[] {10, 20, 25, 25}) {
            admitted += storm(20, call -> counters().incrementAllIfWithin(step).applied()).stream()
                    .filter(applied -> applied)
                    .count();
            // Where reserving is not atomic, callers may refuse one another for a moment; alone nobody is in the way.
            while (counters().incrementAllIfWithin(step).applied()) {
                admitted++;
            }
            assertThat(admitted).isEqualTo(expected);
            assertThat(counters().get("minute").value()).isEqualTo(expected);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(counters().incrementAllIfWithin(step).counts())
                .extracting(Count::value, Count::applied)
                .containsExactly(tuple(0L, true), tuple(25L, false));
    }

    @Test
    void deletedCounterIsGone() {
        counters().increment("c", HOUR);
        assertThat(counters().delete("c")).isTrue();
        assertThat(counters().delete("c")).isFalse();
        assertThat(counters().increment("c", HOUR)).isEqualTo(new Count(1, left(Duration.ofHours(1)), true, true));
    }
}
