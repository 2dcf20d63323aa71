package io.github.stanchion.store.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.CounterOverflowException;
import io.github.stanchion.store.NotACounterException;
import io.github.stanchion.store.SettableClock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What counters promise, on any store. */
abstract class CountersContract {

    static final Ttl HOUR = Ttl.of(Duration.ofHours(1));
    private static final int THREADS = 16;

    final SettableClock clock = new SettableClock();
    private AtomicStore store;
    AtomicCounters counters;

    abstract AtomicStore store(SettableClock clock);

    @BeforeEach
    void open() {
        store = store(clock);
        counters = new AtomicCounters(store, "test");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void concurrentIncrementsYieldEachCountOnce() throws Exception {
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        Set<Boolean> endless = ConcurrentHashMap.newKeySet();
        Concurrently.run(THREADS, thread -> {
            for (int i = 0; i < 500; i++) {
                Count count = counters.increment("c", Ttl.onCreate(Duration.ofHours(1)));
                assertThat(seen.add(count.value())).isTrue();
                endless.add(count.timeLeft().equals(new TimeLeft.Remaining(Duration.ofHours(1))));
            }
        });
        assertThat(seen).isEqualTo(LongStream.rangeClosed(1, 8_000).boxed().collect(Collectors.toSet()));
        assertThat(endless).containsExactly(true);
    }

    @Test
    void countsOfAllWindowsAddUpToTheCalls() throws Exception {
        Set<Long> createdAt = ConcurrentHashMap.newKeySet();
        LongAdder restarts = new LongAdder();
        long[] total = new long[1];
        for (int window = 0; window < 40; window++) {
            Concurrently.run(THREADS, thread -> {
                for (int i = 0; i < 5; i++) {
                    Count count = counters.increment("w", Ttl.onCreate(Duration.ofMillis(50)));
                    assertThat(count.timeLeft()).isInstanceOf(TimeLeft.Remaining.class);
                    if (count.created()) {
                        restarts.increment();
                    }
                }
            });
            createdAt.add(clock.micros());
            total[0] += counters.get("w").value();
            clock.advance(Duration.ofMillis(50));
        }
        assertThat(total[0]).isEqualTo(40L * THREADS * 5);
        assertThat(restarts.sum()).isEqualTo(createdAt.size());
    }

    @Test
    void endSetAtCreationStays() {
        Ttl ttl = Ttl.onCreate(Duration.ofSeconds(2));
        assertThat(counters.increment("c", ttl)).isEqualTo(new Count(1, left("PT2S"), true, true));
        clock.advance(Duration.ofSeconds(1));
        assertThat(counters.increment("c", ttl)).isEqualTo(new Count(2, left("PT1S"), false, true));
        clock.advance(Duration.ofSeconds(1));
        assertThat(counters.increment("c", ttl)).isEqualTo(new Count(1, left("PT2S"), true, true));
    }

    @Test
    void endSetByEachStepMoves() {
        Ttl ttl = Ttl.of(Duration.ofSeconds(2));
        for (long n = 1; n <= 3; n++) {
            assertThat(counters.increment("c", ttl).value()).isEqualTo(n);
            clock.advance(Duration.ofSeconds(1));
        }
        clock.advance(Duration.ofMillis(500));
        assertThat(counters.get("c")).isEqualTo(new Count(3, left("PT0.5S"), false, true));
        clock.advance(Duration.ofMillis(500));
        assertThat(counters.get("c")).isEqualTo(new Count(0, new TimeLeft.Missing(), false, true));
    }

    @Test
    void endlessCounterIsGivenAnEndOnce() {
        counters.increment("c", Ttl.none());
        assertThat(counters.increment("c", Ttl.onCreate(Duration.ofSeconds(2))).timeLeft())
                .isEqualTo(new TimeLeft.Endless());
        assertThat(counters.increment("c", Ttl.ensure(Duration.ofSeconds(2))).timeLeft())
                .isEqualTo(left("PT2S"));
        clock.advance(Duration.ofSeconds(1));
        assertThat(counters.increment("c", Ttl.ensure(Duration.ofSeconds(2))).timeLeft())
                .isEqualTo(left("PT1S"));
        assertThat(counters.increment("c", Ttl.none()).timeLeft()).isEqualTo(new TimeLeft.Endless());
        assertThat(counters.get("c").value()).isEqualTo(5);
    }

    @Test
    void stepOfZeroAppliesTheTimeToLiveAndCreatesNothing() {
        assertThat(counters.increment("c", 0, HOUR)).isEqualTo(new Count(0, new TimeLeft.Missing(), false, true));
        assertThat(counters.get("c").timeLeft()).isEqualTo(new TimeLeft.Missing());
        counters.increment("c", 5, Ttl.none());
        assertThat(counters.increment("c", 0, Ttl.keep())).isEqualTo(new Count(5, new TimeLeft.Endless(), false, true));
        assertThat(counters.increment("c", 0, HOUR)).isEqualTo(new Count(5, left("PT1H"), false, true));
    }

    @Test
    void countsMayBeNegativeOrFloored() {
        counters.increment("c", HOUR);
        assertThat(counters.decrement("c", HOUR).value()).isZero();
        assertThat(counters.decrement("d", 2, HOUR).value()).isEqualTo(-2);
        assertThat(counters.increment("d", 5, HOUR).value()).isEqualTo(3);
        assertThat(counters.saturatingDecrement("f", 1, 0, HOUR))
                .isEqualTo(new Count(0, new TimeLeft.Missing(), false, true));
        counters.increment("f", 3, HOUR);
        assertThat(counters.saturatingDecrement("f", 5, 0, HOUR).value()).isZero();
        assertThat(counters.saturatingDecrement("f", 5, 0, HOUR).value()).isZero();
        assertThat(counters.saturatingIncrement("f", 5, 3, HOUR).value()).isEqualTo(3);
        assertThat(counters.saturatingIncrement("f", Long.MAX_VALUE, Long.MAX_VALUE, HOUR)
                        .value())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(counters.saturatingIncrement("f", 1, 7, HOUR).value()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void overflowChangesNeitherCountNorEnd() {
        overflows(Long.MAX_VALUE, 1);
        overflows(Long.MIN_VALUE, -1);
        overflows(-1, Long.MIN_VALUE);
        overflows(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private void overflows(long count, long delta) {
        counters.set("c", count, Ttl.of(Duration.ofSeconds(5)));
        assertThatThrownBy(() -> counters.increment("c", delta, HOUR))
                .isInstanceOf(CounterOverflowException.class)
                .hasMessageContaining("[counter 'default']");
        assertThat(counters.incrementAsync("c", delta, HOUR).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(CounterOverflowException.class);
        assertThat(counters.get("c")).isEqualTo(new Count(count, left("PT5S"), false, true));
    }

    @Test
    void countsBeyondADoubleAreExact() {
        long big = (1L << 53) + 1;
        assertThat(counters.increment("c", big, HOUR).value()).isEqualTo(big);
        assertThat(counters.increment("c", big, HOUR).value()).isEqualTo(2 * big);
        assertThat(counters.decrement("c", big - 1, HOUR).value()).isEqualTo(big + 1);
        assertThat(counters.set("c", Long.MIN_VALUE, HOUR).value()).isEqualTo(Long.MIN_VALUE);
        assertThat(counters.get("c").value()).isEqualTo(Long.MIN_VALUE);
        assertThat(counters.increment("c", Long.MAX_VALUE, HOUR).value()).isEqualTo(-1);
    }

    @Test
    void boundIsReachedExactlyAndRefusalsMoveNoEnd() throws Exception {
        Set<Long> applied = ConcurrentHashMap.newKeySet();
        counters.set("c", 0, Ttl.of(Duration.ofMinutes(10)));
        Concurrently.run(THREADS, thread -> {
            for (int i = 0; i < 50; i++) {
                Count count = counters.incrementIfWithin("c", 1, 100, Ttl.onCreate(Duration.ofHours(1)));
                if (count.applied()) {
                    assertThat(applied.add(count.value())).isTrue();
                } else {
                    assertThat(count.value()).isEqualTo(100);
                }
            }
        });
        assertThat(applied).hasSize(100);
        clock.advance(Duration.ofMinutes(1));
        assertThat(counters.incrementIfWithin("c", 1, 100, HOUR)).isEqualTo(new Count(100, left("PT9M"), false, false));
        assertThat(counters.get("c")).isEqualTo(new Count(100, left("PT9M"), false, true));
    }

    @Test
    void heavyStepIsRefusedWhereALighterOneFits() {
        int applied = 0;
        while (counters.incrementIfWithin("c", 7, 100, HOUR).applied()) {
            applied++;
        }
        assertThat(applied).isEqualTo(14);
        assertThat(counters.incrementIfWithin("c", 3, 100, HOUR).applied()).isFalse();
        assertThat(counters.incrementIfWithin("c", 2, 100, HOUR).value()).isEqualTo(100);
        assertThat(counters.decrementIfAtLeast("c", 99, 0, HOUR).value()).isEqualTo(1);
        assertThat(counters.decrementIfAtLeast("c", 2, 0, HOUR)).isEqualTo(new Count(1, left("PT1H"), false, false));
        assertThat(counters.incrementIfWithin("never", 1, 0, HOUR))
                .isEqualTo(new Count(0, new TimeLeft.Missing(), false, false));
        assertThat(counters.incrementIfWithin("c", Long.MAX_VALUE, 100, HOUR).applied())
                .isFalse();
    }

    @Test
    void severalWindowsAreChargedTogetherOrNotAtAll() throws Exception {
        List<BoundedIncrement> step = List.of(
                new BoundedIncrement("1s", 1, 10, Ttl.onCreate(Duration.ofSeconds(1))),
                new BoundedIncrement("60s", 1, 25, Ttl.onCreate(Duration.ofSeconds(60))));
        int admitted = 0;
        for (int expected : new int[] {10, 20, 25, 25}) {
            admitted += burst(step);
            assertThat(admitted).isEqualTo(expected);
            assertThat(counters.get("60s").value()).isEqualTo(expected);
            clock.advance(Duration.ofSeconds(1));
        }
        JointCount refused = counters.incrementAllIfWithin(step);
        assertThat(refused.applied()).isFalse();
        assertThat(refused.counts())
                .containsExactly(
                        new Count(0, new TimeLeft.Missing(), false, true), new Count(25, left("PT56S"), false, false));
        assertThat(counters.get("1s").value()).isZero();
    }

    /** Up to 320 attempts at once; where joint steps are not atomic they may refuse one another, so alone once more. */
    private int burst(List<BoundedIncrement> step) throws Exception {
        boolean atomic = store.capabilities().contains(Capability.JOINT);
        AtomicInteger admitted = new AtomicInteger();
        Concurrently.run(THREADS, thread -> {
            boolean refused = false;
            for (int i = 0; i < 20; i++) {
                if (counters.incrementAllIfWithin(step).applied()) {
                    assertThat(refused && atomic).isFalse();
                    admitted.incrementAndGet();
                } else {
                    refused = true;
                }
            }
        });
        while (!atomic && counters.incrementAllIfWithin(step).applied()) {
            admitted.incrementAndGet();
        }
        return admitted.get();
    }

    @Test
    void renewalMovesAFiniteEndAlone() {
        counters.set("c", 5, Ttl.of(Duration.ofMillis(300)));
        assertThat(counters.getAndRenew("c", Duration.ofDays(1))).isEqualTo(new Count(5, left("PT24H"), false, true));
        counters.set("e", 5, Ttl.none());
        assertThat(counters.getAndRenew("e", Duration.ofDays(1)).timeLeft()).isEqualTo(new TimeLeft.Endless());
        assertThat(counters.getAndRenew("m", Duration.ofDays(1)).timeLeft()).isEqualTo(new TimeLeft.Missing());
        assertThat(counters.get("m").timeLeft()).isEqualTo(new TimeLeft.Missing());
    }

    @Test
    void deletedOrEndedCounterIsAbsentForEverything() {
        counters.set("c", 5, HOUR);
        assertThat(counters.delete("c")).isTrue();
        assertThat(counters.delete("c")).isFalse();
        counters.set("c", 5, Ttl.of(Duration.ofSeconds(1)));
        clock.advance(Duration.ofSeconds(1));
        assertThat(counters.delete("c")).isFalse();
        assertThat(counters.getAndRenew("c", Duration.ofDays(1)).timeLeft()).isEqualTo(new TimeLeft.Missing());
        assertThat(counters.incrementIfWithin("c", 1, 1, HOUR)).isEqualTo(new Count(1, left("PT1H"), true, true));
    }

    @Test
    void namespacesNeverMeet() {
        AtomicCounters ab = counters.namespace("A/B");
        List<AtomicCounters> all = List.of(
                counters,
                counters.namespace("A"),
                counters.namespace("A2"),
                counters.namespace("A_B"),
                ab,
                counters.namespace("A").namespace("B"),
                counters.namespace("A~1B"),
                counters.namespace("a"),
                counters.namespace("A "),
                counters.namespace("A:B"),
                counters.namespace("A%2FB"));
        for (int i = 0; i < all.size(); i++) {
            all.get(i).set("k", i, HOUR);
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).get("k").value()).isEqualTo(i);
        }
    }

    @Test
    void asyncFormsDoTheSame() {
        assertThat(counters.incrementAsync("c", HOUR)
                        .toCompletableFuture()
                        .join()
                        .value())
                .isEqualTo(1);
        assertThat(counters.incrementAsync("c", 4, HOUR)
                        .toCompletableFuture()
                        .join()
                        .value())
                .isEqualTo(5);
        assertThat(counters.decrementAsync("c", HOUR)
                        .toCompletableFuture()
                        .join()
                        .value())
                .isEqualTo(4);
        assertThat(counters.decrementAsync("c", 2, HOUR)
                        .toCompletableFuture()
                        .join()
                        .value())
                .isEqualTo(2);
        assertThat(counters.incrementIfWithinAsync("c", 1, 2, HOUR)
                        .toCompletableFuture()
                        .join()
                        .applied())
                .isFalse();
        assertThat(counters.decrementIfAtLeastAsync("c", 3, 0, HOUR)
                        .toCompletableFuture()
                        .join()
                        .applied())
                .isFalse();
        assertThat(counters.saturatingIncrementAsync("c", 9, 5, HOUR)
                        .toCompletableFuture()
                        .join()
                        .value())
                .isEqualTo(5);
        assertThat(counters.saturatingDecrementAsync("c", 9, 1, HOUR)
                        .toCompletableFuture()
                        .join()
                        .value())
                .isEqualTo(1);
        assertThat(counters.setAsync("c", 7, HOUR).toCompletableFuture().join().value())
                .isEqualTo(7);
        assertThat(counters.getAndRenewAsync("c", Duration.ofSeconds(1))
                        .toCompletableFuture()
                        .join()
                        .timeLeft())
                .isEqualTo(left("PT1S"));
        assertThat(counters.getAsync("c").toCompletableFuture().join().value()).isEqualTo(7);
        assertThat(counters.incrementAllIfWithinAsync(List.of(new BoundedIncrement("c", 1, 8, HOUR)))
                        .toCompletableFuture()
                        .join()
                        .counts())
                .containsExactly(new Count(8, left("PT1H"), false, true));
        assertThat(counters.deleteAsync("c").toCompletableFuture().join()).isTrue();
    }

    @Test
    void argumentsThatCannotBeMeantAreRefused() {
        refused(() -> counters.increment("c", Ttl.keep()));
        refused(() -> counters.set("c", 1, Ttl.keep()));
        refused(() -> Ttl.of(Duration.ZERO));
        refused(() -> Ttl.onCreate(Duration.ofNanos(-1)));
        refused(() -> Ttl.ensure(Duration.ofDays(3_650).plusNanos(1)));
        refused(() -> counters.getAndRenew("c", Duration.ZERO));
        refused(() -> counters.decrement("c", Long.MIN_VALUE, HOUR));
        refused(() -> counters.namespace(""));
        refused(() -> counters.namespace("n".repeat(65)));
        refused(() -> new BoundedIncrement("c", 1, 1, Ttl.keep()));
        refused(() -> counters.incrementAllIfWithin(List.of()));
        refused(() -> counters.incrementAllIfWithin(Collections.nCopies(2, new BoundedIncrement("c", 1, 1, HOUR))));
        refused(() -> counters.incrementAllIfWithinAsync(IntStream.range(0, 33)
                .mapToObj(i -> new BoundedIncrement("c" + i, 1, 1, HOUR))
                .toList()));
        assertThatThrownBy(() -> counters.increment(null, HOUR)).isInstanceOf(NullPointerException.class);
        assertThat(Ttl.of(Duration.ofDays(3_650))).isEqualTo(Ttl.of(Ttl.LONGEST));
        assertThat(Ttl.of(Duration.ofNanos(1))).isEqualTo(Ttl.of(Duration.ofNanos(1_000)));
    }

    static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    static TimeLeft left(String duration) {
        return new TimeLeft.Remaining(Duration.parse(duration));
    }

    static void notACounter(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NotACounterException.class);
    }
}
