package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.stanchion.store.Capability;
import io.github.stanchion.store.CounterOverflowException;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.BoundedIncrement;
import io.github.stanchion.store.primitive.Count;
import io.github.stanchion.store.primitive.TimeLeft;
import io.github.stanchion.store.primitive.Ttl;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
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

    /** How often threads race for the same key; fewer than 200 where a step takes milliseconds. */
    protected int rounds() {
        return 200;
    }

    /** Whether the store spreads its keys over slots, so that joint steps on any keys are not atomic though it declares them. */
    protected boolean spreadsKeys() {
        return false;
    }

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
        int windows = Math.max(1, rounds() / 5);
        for (int window = 0; window < windows; window++) {
            List<Count> counts = storm(5, call -> counters().increment("c", Ttl.onCreate(Duration.ofMillis(50))));
            assertThat(counts.stream().filter(Count::created)).hasSize(1);
            clock.advanceMicros(49_999);
            sum += counters().get("c").value();
            clock.advanceMicros(1);
            assertThat(counters().get("c").timeLeft()).isEqualTo(new TimeLeft.Missing());
        }
        assertThat(sum).isEqualTo(5L * windows * THREADS);
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
        assertThat(counters().get("nobody").timeLeft()).isEqualTo(new TimeLeft.Missing());
        counters().set("endless", 5, Ttl.none());
        assertThat(counters().getAndRenew("endless", two)).isEqualTo(new Count(5, new TimeLeft.Endless(), false, true));
    }

    @Test
    void countsAreExactToTheLastOfSixtyFourBits() {
        long big = (1L << 53) + 1;
        assertThat(counters().increment("c", big, HOUR).value()).isEqualTo(big);
        assertThat(counters().decrement("c", 2, HOUR).value()).isEqualTo(big - 2);
        assertThat(counters().set("c", Long.MIN_VALUE, HOUR).value()).isEqualTo(Long.MIN_VALUE);
        assertThat(counters().increment("c", Long.MAX_VALUE, HOUR).value()).isEqualTo(-1);
        assertThat(counters().saturatingIncrement("c", Long.MAX_VALUE, 9, HOUR).value())
                .isEqualTo(9);
        assertThat(counters().saturatingDecrement("c", Long.MAX_VALUE, 0, HOUR).value())
                .isZero();
    }

    @Test
    void countsMayBeNegativeOrFloored() {
        counters().increment("c", HOUR);
        assertThat(counters().decrement("c", HOUR)).isEqualTo(new Count(0, left(Duration.ofHours(1)), false, true));
        assertThat(counters().decrement("missing", 2, HOUR).value()).isEqualTo(-2);
        assertThat(counters().increment("missing", 5, HOUR).value()).isEqualTo(3);
        assertThat(counters().saturatingDecrement("floored", 1, 0, HOUR))
                .isEqualTo(new Count(0, new TimeLeft.Missing(), false, true));
        counters().increment("floored", 3, HOUR);
        for (int i = 0; i < 3; i++) {
            assertThat(counters().saturatingDecrement("floored", 2, 0, HOUR).value())
                    .isEqualTo(i == 0 ? 1 : 0);
        }
        assertThat(counters()
                        .saturatingIncrement("floored", Long.MAX_VALUE, Long.MAX_VALUE, HOUR)
                        .value())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(counters().saturatingIncrement("floored", 1, 7, HOUR).value())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void overflowChangesNeitherCountNorEnd() {
        long[][] overflows = {
            {Long.MAX_VALUE, 1}, {Long.MIN_VALUE, -1}, {-1, Long.MIN_VALUE}, {Long.MAX_VALUE, Long.MAX_VALUE}
        };
        for (long[] overflow : overflows) {
            counters().set("c", overflow[0], Ttl.of(Duration.ofSeconds(5)));
            assertThatThrownBy(() -> counters().increment("c", overflow[1], HOUR))
                    .isInstanceOf(CounterOverflowException.class);
            assertThatThrownBy(() -> await(counters().incrementAsync("c", overflow[1], Ttl.none())))
                    .isInstanceOf(CounterOverflowException.class);
            assertThat(counters().get("c")).isEqualTo(new Count(overflow[0], left(Duration.ofSeconds(5)), false, true));
        }
    }

    @Test
    void heavyStepIsRefusedWhereALighterOneFits() {
        int applied = 0;
        while (applied < 100 && counters().incrementIfWithin("c", 7, 100, HOUR).applied()) {
            applied++;
        }
        assertThat(applied).isEqualTo(14);
        assertThat(counters().incrementIfWithin("c", 3, 100, HOUR))
                .isEqualTo(new Count(98, left(Duration.ofHours(1)), false, false));
        assertThat(counters().incrementIfWithin("c", Long.MAX_VALUE, 100, HOUR).applied())
                .isFalse();
        assertThat(counters().incrementIfWithin("c", 2, 100, HOUR))
                .isEqualTo(new Count(100, left(Duration.ofHours(1)), false, true));
        assertThat(counters().decrementIfAtLeast("c", 99, 0, HOUR).value()).isEqualTo(1);
        assertThat(counters().decrementIfAtLeast("c", 2, 0, HOUR).applied()).isFalse();
        assertThat(counters().incrementIfWithin("never", 1, 0, HOUR))
                .isEqualTo(new Count(0, new TimeLeft.Missing(), false, false));
    }

    @Test
    void boundIsReachedExactlyAndRefusalsMoveNoEnd() {
        counters().set("c", 0, Ttl.of(Duration.ofMinutes(2)));
        List<Count> counts =
                storm(50, call -> counters().incrementIfWithin("c", 1, 100, Ttl.onCreate(Duration.ofHours(1))));
        assertThat(counts.stream().filter(Count::applied).map(Count::value))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(counts.stream().filter(count -> !count.applied())).allMatch(count -> count.value() == 100);
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
        boolean atomic = store().capabilities().contains(Capability.JOINT) && !spreadsKeys();
        long admitted = 0;
        for (long expected : new long[] {10, 20, 25, 25}) {
            List<List<Boolean>> outcomes = Together.run(THREADS, thread -> LongStream.range(0, 20)
                    .mapToObj(call -> counters().incrementAllIfWithin(step).applied())
                    .toList());
            admitted += outcomes.stream()
                    .flatMap(Collection::stream)
                    .filter(applied -> applied)
                    .count();
            if (atomic) {
                assertThat(outcomes).noneMatch(each -> Collections.indexOfSubList(each, List.of(false, true)) >= 0);
            }
            // Where reserving is not atomic, callers may refuse one another for a moment; alone nobody is in the way.
            while (!atomic && counters().incrementAllIfWithin(step).applied()) {
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
    void oneOfManyCreatesACounterThatHasJustEnded() {
        for (int round = 0; round < rounds(); round++) {
            counters().set("c", 7, Ttl.of(Duration.ofSeconds(1)));
            clock.advanceMicros(1_000_001);
            List<Count> counts =
                    Together.run(THREADS, thread -> counters().increment("c", Ttl.onCreate(Duration.ofHours(1))));
            assertThat(counts.stream().filter(Count::created).map(Count::value)).containsExactly(1L);
            assertThat(counts.stream().map(Count::value))
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, THREADS).boxed().toList());
        }
    }

    @Test
    void deletedCounterIsGone() {
        counters().increment("c", HOUR);
        assertThat(counters().delete("c")).isTrue();
        assertThat(counters().delete("c")).isFalse();
        assertThat(counters().increment("c", HOUR)).isEqualTo(new Count(1, left(Duration.ofHours(1)), true, true));
    }
}
