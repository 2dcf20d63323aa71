package io.github.stanchion.store.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.CounterOverflowException;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.NotACounterException;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CounterOperationsTest {

    private static final long NOW = 1_000_000;
    private static final Ttl MINUTE = Ttl.of(Duration.ofMinutes(1));
    private static final Ttl[] CREATING = {
        MINUTE, Ttl.none(), Ttl.onCreate(Duration.ofSeconds(2)), Ttl.ensure(Duration.ofSeconds(3))
    };

    @Test
    void sumsAndBoundsAgreeWithUnboundedIntegers() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            long count = edge(random);
            long delta = edge(random);
            long a = edge(random);
            long b = random.nextBoolean() ? Long.MAX_VALUE : edge(random);
            long min = random.nextBoolean() ? Long.MIN_VALUE : Math.min(a, b);
            long max = Math.max(a, b);
            BigInteger sum = BigInteger.valueOf(count).add(BigInteger.valueOf(delta));
            CounterIncrement bounded = new CounterIncrement(delta, min, max, false, MINUTE);
            boolean tooBig = sum.compareTo(BigInteger.valueOf(max)) > 0;
            boolean tooSmall = sum.compareTo(BigInteger.valueOf(min)) < 0;
            if (sum.bitLength() > 63 && (delta > 0 ? max == Long.MAX_VALUE : min == Long.MIN_VALUE)) {
                assertThatThrownBy(() -> bounded.apply(new Counter(count, 0), NOW))
                        .isInstanceOf(CounterOverflowException.class);
            } else {
                CounterReply reply = bounded.apply(new Counter(count, 0), NOW).result();
                assertThat(reply.applied()).isEqualTo(!tooBig && !tooSmall);
                assertThat(BigInteger.valueOf(reply.count()))
                        .isEqualTo(reply.applied() ? sum : BigInteger.valueOf(count));
            }
            CounterReply saturated = new CounterIncrement(delta, min, max, true, MINUTE)
                    .apply(new Counter(count, 0), NOW)
                    .result();
            BigInteger clamped = delta >= 0
                    ? sum.min(BigInteger.valueOf(Math.max(count, max)))
                    : sum.max(BigInteger.valueOf(Math.min(count, min)));
            assertThat(BigInteger.valueOf(saturated.count())).isEqualTo(clamped);
            assertThat(saturated.applied()).isTrue();
            assertThat(saturated.moved()).isEqualTo(saturated.count() - count);
        }
    }

    private static long edge(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Long.MAX_VALUE - random.nextInt(3);
            case 1 -> Long.MIN_VALUE + random.nextInt(3);
            case 2 -> random.nextInt(7) - 3;
            case 3 -> Exact.MAX + random.nextInt(5) - 2;
            case 4 -> (1L << 32) * (random.nextInt(5) - 2) + random.nextInt(5) - 2;
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    @Test
    void endedCounterDecidesAsAnAbsentOne() {
        Random random = new Random(8);
        for (int i = 0; i < 100_000; i++) {
            long end = 1L + random.nextInt(1_000_000);
            long now = end + random.nextInt(3) * (long) random.nextInt(100_000);
            Counter ended = new Counter(edge(random), end);
            Operation<CounterReply> operation = random(random);
            Transition<CounterReply> a;
            Transition<CounterReply> b;
            try {
                a = operation.apply(null, now);
            } catch (CounterOverflowException overflow) {
                assertThatThrownBy(() -> operation.apply(ended, now)).isInstanceOf(CounterOverflowException.class);
                continue;
            }
            b = operation.apply(ended, now);
            assertThat(b.result()).isEqualTo(a.result());
            assertThat(b.admitted()).isEqualTo(a.admitted());
            assertThat(b.effect().toString()).isEqualTo(a.effect().toString());
        }
    }

    private static Operation<CounterReply> random(Random random) {
        Ttl ttl = CREATING[random.nextInt(CREATING.length)];
        return switch (random.nextInt(5)) {
            case 0 -> new CounterGet();
            case 1 -> new CounterSet(edge(random), ttl);
            case 2 -> new CounterDelete();
            case 3 -> new CounterUndo(edge(random), random.nextInt(3));
            default -> new CounterIncrement(edge(random), -5, Long.MAX_VALUE, random.nextBoolean(), ttl);
        };
    }

    @Test
    void everyStateIsKeptUntilItsEndExactly() {
        for (Ttl ttl : CREATING) {
            for (Counter there : new Counter[] {null, new Counter(3, 0), new Counter(3, NOW + 5)}) {
                Transition<CounterReply> step = increment(1, ttl).apply(there, NOW);
                Effect.Put put = (Effect.Put) step.effect();
                long end = ((Counter) put.next()).endsAt();
                assertThat(put.collectAfterMicros()).isEqualTo(end == 0 ? Effect.Put.NEVER : end - NOW);
                assertThat(step.result().endsAt()).isEqualTo(end);
            }
        }
    }

    @Test
    void clockAtTheEdgeOfWhatIsExactMakesNoEndlessCounter() {
        for (long now :
                new long[] {-10, 0, Exact.MAX - 1, -Duration.ofMinutes(1).toSeconds() * 1_000_000}) {
            Effect.Put put = (Effect.Put) increment(1, MINUTE).apply(null, now).effect();
            assertThat(((Counter) put.next()).endsAt()).isPositive();
            assertThat(put.collectAfterMicros()).isPositive();
        }
    }

    @Test
    void undoTakesBackWhatWasTakenFromThatCounterAlone() {
        Counter there = new Counter(5, NOW + 10);
        CounterReply taken = increment(4, Ttl.onCreate(Duration.ofSeconds(1)))
                .apply(there, NOW)
                .result();
        Operation<?> undo = increment(4, MINUTE).undo(taken);
        assertThat(after(undo, new Counter(9, NOW + 10))).isEqualTo(new Counter(5, NOW + 10));
        assertThat(after(undo, new Counter(12, NOW + 10))).isEqualTo(new Counter(8, NOW + 10));
        assertThat(after(undo, new Counter(9, NOW + 11))).isEqualTo(new Counter(9, NOW + 11));
        assertThat(after(undo, null)).isNull();
        assertThat(undo.apply(new Counter(9, NOW + 10), NOW + 10).effect()).isSameAs(Effect.keep());
        CounterReply saturated =
                new CounterIncrement(100, 0, 7, true, MINUTE).apply(there, NOW).result();
        assertThat(((CounterUndo) increment(1, MINUTE).undo(saturated)).moved()).isEqualTo(2);
        Value lowest = new Counter(Long.MIN_VALUE, 0);
        assertThat(after(new CounterUndo(1, 0), lowest)).isEqualTo(lowest);
    }

    @Test
    void foreignValuesAreNoCounters() {
        for (Value foreign : List.of(Cells.of(1), new Item(1, 0, 0, 0, 0, 0, null))) {
            for (Operation<?> operation :
                    List.of(new CounterGet(), new CounterDelete(), increment(1, MINUTE), new CounterSet(1, MINUTE))) {
                assertThatThrownBy(() -> operation.apply(foreign, NOW)).isInstanceOf(NotACounterException.class);
            }
        }
    }

    @Test
    void argumentsAndRepliesAreExactAndReadBack() {
        Random random = new Random(9);
        for (int i = 0; i < 50_000; i++) {
            CounterIncrement step = new CounterIncrement(edge(random), Long.MIN_VALUE, Long.MAX_VALUE, true, MINUTE);
            long[] n = step.arguments();
            assertThat(Arrays.stream(n).boxed()).hasSize(9).allMatch(Exact::is);
            assertThat(Pair.join(n[0], n[1])).isEqualTo(step.delta());
            CounterReply reply = step.apply(new Counter(edge(random), 0), NOW).result();
            assertThat(step.decode(numbers(reply))).isEqualTo(reply);
        }
        assertThat(increment(-1, MINUTE).arguments())
                .containsExactly(-1, 4294967295L, -2147483648L, 0, 2147483647, 4294967295L, 0, 2, 60_000_000);
        assertThatThrownBy(() -> increment(1, MINUTE).decode(new long[] {2, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
                .isInstanceOf(CounterOverflowException.class);
        assertThatThrownBy(() -> new CounterIncrement(1, 2, 1, false, MINUTE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static long[] numbers(CounterReply reply) {
        return new long[] {
            reply.applied() ? 1 : 0,
            reply.existed() ? 1 : 0,
            reply.exists() ? 1 : 0,
            Pair.high(reply.count()),
            Pair.low(reply.count()),
            Pair.high(reply.moved()),
            Pair.low(reply.moved()),
            reply.endedAt(),
            reply.endsAt(),
            reply.nowMicros()
        };
    }

    private static CounterIncrement increment(long delta, Ttl ttl) {
        return new CounterIncrement(delta, Long.MIN_VALUE, Long.MAX_VALUE, false, ttl);
    }

    private static @Nullable Value after(Operation<?> operation, @Nullable Value before) {
        Effect effect = operation.apply(before, NOW).effect();
        return effect instanceof Effect.Put put ? put.next() : effect instanceof Effect.Delete ? null : before;
    }
}
