package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.Value;
import io.github.stanchion.testkit.Probe.Plant;
import io.github.stanchion.testkit.Probe.Sum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Phaser;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Steps on one key: none is lost, none is applied twice, a refusal or an error changes nothing. */
abstract class OneKeyContract extends StoreFixture {

    OneKeyContract() {}

    @Test
    void noUpdateIsLost() {
        StoreKey key = key("busy");
        List<Long> sums = Together.run(THREADS, thread -> adds(key, 500)).stream()
                .flatMap(List::stream)
                .sorted()
                .toList();
        assertThat(sums)
                .isEqualTo(LongStream.rangeClosed(1, 500 * THREADS).boxed().toList());
        assertSum(key, 500 * THREADS);
    }

    private List<Long> adds(StoreKey key, int count) {
        List<Long> sums = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sums.add(store().execute(key, add(1)).total());
        }
        return sums;
    }

    @Test
    void noUpdateIsLostAmongAsynchronousSteps() {
        StoreKey key = key("busy-async");
        Together.run(THREADS, thread -> IntStream.range(0, 100)
                        .mapToObj(i -> store().executeAsync(key, add(1)))
                        .toList())
                .forEach(stages -> stages.forEach(StoreFixture::await));
        assertSum(key, 100 * THREADS);
    }

    @Test
    void threadsThatContendForABoundAreAdmittedExactlySoOften() {
        StoreKey key = key("bound");
        long admitted = Together.run(THREADS, thread -> IntStream.range(0, 50)
                        .filter(i -> store().execute(key, add(1, 100)).admitted())
                        .count())
                .stream()
                .mapToLong(n -> n)
                .sum();
        assertThat(admitted).isEqualTo(100);
        assertSum(key, 100);
    }

    @Test
    void threadsThatContendForAMissingKeyCreateItOnce() {
        Phaser rounds = new Phaser(THREADS);
        List<List<Boolean>> wins = Together.run(THREADS, thread -> {
            try {
                return IntStream.range(0, 100)
                        .mapToObj(i -> {
                            rounds.arriveAndAwaitAdvance();
                            return store().execute(key("new-" + i), add(1, 1)).admitted();
                        })
                        .toList();
            } finally {
                rounds.arriveAndDeregister();
            }
        });
        for (int i = 0; i < 100; i++) {
            int subject = i;
            assertThat(wins.stream().filter(thread -> thread.get(subject))).hasSize(1);
        }
    }

    @Test
    void everyChargeIsAppliedOnce() {
        StoreKey key = key("quiet");
        assertThat(adds(key, 300))
                .isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList());
    }

    @Test
    void aRefusalChangesNothing() {
        StoreKey key = key("refused");
        put(key, Cells.of(9), 5_000_000);
        clock.advanceMicros(4_000_000);
        assertThat(store().execute(key, new Probe.Add(2, 10, 1))).isEqualTo(new Sum(false, 9, clock.micros()));
        assertSum(key, 9);
        clock.advanceMicros(999_999);
        assertSum(key, 9);
    }

    @Test
    void aRefusalOfAMissingKeyCreatesNothing() {
        StoreKey key = key("never");
        assertThat(store().execute(key, add(2, 1)).admitted()).isFalse();
        assertThat(read(key)).isNull();
    }

    @Test
    void aRefusalMayWriteBookkeeping() {
        StoreKey key = key("bookkeeping");
        put(key, Cells.of(1, 2));
        assertThat(store().execute(key, new Plant(Cells.of(3), MINUTE, false))).isFalse();
        assertThat(read(key)).isEqualTo(Cells.of(3));
    }

    @Test
    void anUnreadableStateIsRefusedAndLeftUntouched() {
        for (Value foreign : List.of(Cells.of(1, 2), new Counter(7, 0), item(new byte[] {1}))) {
            StoreKey key = key("foreign");
            put(key, foreign);
            assertThatThrownBy(() -> store().execute(key, add(1))).isInstanceOf(UnreadableStateException.class);
            assertThat(read(key)).isEqualTo(foreign);
        }
    }

    @Test
    void anErrorReachesTheCallerThroughTheStage() {
        StoreKey key = key("foreign-async");
        put(key, Cells.of(1, 2));
        CompletionStage<Sum> stage = store().executeAsync(key, add(1));
        assertThatThrownBy(() -> await(stage)).isInstanceOf(UnreadableStateException.class);
        assertThat(read(key)).isEqualTo(Cells.of(1, 2));
    }

    @Test
    void anErrorSaysThatNothingWasAppliedAndNamesNoSubject() {
        StoreKey key = key("bob@example.org");
        put(key, Cells.of(1, 2));
        assertThatThrownBy(() -> store().execute(key, add(1))).isInstanceOfSatisfying(StoreException.class, error -> {
            assertThat(error.outcomeUnknown()).isFalse();
            assertThat(error).hasMessageContaining(Probe.KIND).hasMessageContaining("contract");
            assertThat(error.toString()).doesNotContain("bob");
        });
    }

    @Test
    void asynchronousStepsDecideAsSynchronousOnes() {
        StoreKey sync = key("sync");
        StoreKey async = key("async");
        for (int delta : new int[] {1, 4, 7, -2, 5, 0, 3}) {
            assertThat(await(store().executeAsync(async, add(delta, 10))))
                    .isEqualTo(store().execute(sync, add(delta, 10)));
            assertThat(read(async)).isEqualTo(read(sync));
        }
    }

    @Test
    void everyValueComesBackAsItWasPut() {
        byte[] allBytes = new byte[256];
        for (int i = 0; i < 256; i++) {
            allBytes[i] = (byte) i;
        }
        long[] many = LongStream.range(0, 150).map(i -> i * i - 5_000).toArray();
        List<Value> values = List.of(
                Cells.of(0),
                Cells.of(-Exact.MAX, -1, 0, 1, Exact.MAX),
                Cells.of(many),
                new Counter(0, 0),
                new Counter(Long.MIN_VALUE, Exact.MAX),
                new Counter(Long.MAX_VALUE, Counter.ENDLESS),
                new Counter(-1, clock.micros() + 1),
                new Counter(1L << 53 | 1, Counter.ENDLESS),
                item(allBytes),
                item(new byte[0]),
                item(null),
                new Item(Exact.MAX, Exact.MAX, Exact.MAX, -Exact.MAX, Exact.MAX, Exact.MAX, new byte[] {'\n', 0, ' '}));
        for (Value value : values) {
            put(key("any"), value);
            assertThat(read(key("any"))).isEqualTo(value);
        }
    }

    @Test
    void theLargestPayloadFits() {
        byte[] payload = new byte[Item.LARGEST];
        Arrays.fill(payload, (byte) 0xE9);
        put(key("large"), item(payload));
        assertThat(read(key("large"))).isEqualTo(item(payload));
    }

    private Item item(byte @Nullable [] payload) {
        return new Item(clock.micros(), clock.micros() + MINUTE, 3, -4, 5, clock.micros() + MINUTE, payload);
    }

    @Test
    void aDeletedKeyIsAbsent() {
        StoreKey key = key("deleted");
        put(key, Cells.of(5));
        delete(key);
        assertThat(read(key)).isNull();
        assertThat(store().execute(key, add(1)).total()).isEqualTo(1);
    }
}
