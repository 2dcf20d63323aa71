package io.github.stanchion.store.primitive;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValueOperationsTest {

    private static final long NOW = 1_000_000;
    private static final long RETENTION = 600_000_000;
    private static final Ttl MINUTE = Ttl.of(Duration.ofMinutes(1));
    private static final Mark OURS = new Mark(7, 1, RETENTION);
    private static final Mark THEIRS = new Mark(8, 1, RETENTION);
    private static final Payload A = Payload.of("a");
    private static final Payload B = Payload.of("b");

    @Test
    void writeSentAgainChangesNothingAndAnswersAsAtFirst() {
        Value there = after(new ValuePut(0, MINUTE, THEIRS, false, A), null, NOW);
        long version = ((Item) there).version();
        for (Operation<ValueReply> write : List.of(
                new ValuePut(0, MINUTE, OURS, false, B),
                new ValuePut(3, MINUTE, OURS, false, B),
                new ValueCompareAndSet(version, MINUTE, OURS, true, B),
                new ValueCompareAndDelete(version, OURS),
                new ValueDelete(OURS, false),
                new ValueDeleteIfEqual(OURS, A))) {
            assertSentAgain(write, there);
        }
        assertSentAgain(new ValueSetIfAbsent(MINUTE, OURS, false, B), null);
        assertSentAgain(new ValueCompareAndSet(0, MINUTE, OURS, false, B), null);
    }

    private static void assertSentAgain(Operation<ValueReply> write, @Nullable Value there) {
        Transition<ValueReply> first = write.apply(there, NOW + 1);
        assertThat(first.result().applied()).isTrue();
        Value written = after(write, there, NOW + 1);
        for (long later : new long[] {NOW + 1, NOW + 2, NOW + 120_000_000}) {
            Transition<ValueReply> again = write.apply(written, later);
            assertThat(again.effect()).as(write.name()).isSameAs(Effect.keep());
            assertThat(again.admitted()).isTrue();
            assertThat(again.result().applied()).isTrue();
            assertThat(again.result().version()).isEqualTo(first.result().version());
        }
    }

    @Test
    void writeOfAnUnnamedWriterIsNeverTakenForAnother() {
        Mark nobody = new Mark(0, 0, RETENTION);
        Value there = after(new ValuePut(0, MINUTE, nobody, false, A), null, NOW);
        assertThat(new ValueSetIfAbsent(MINUTE, nobody, false, A)
                        .apply(there, NOW)
                        .result()
                        .applied())
                .isFalse();
    }

    @Test
    void endedValueDecidesAsAnAbsentOne() {
        Random random = new Random(10);
        for (int i = 0; i < 100_000; i++) {
            long end = 1L + random.nextInt(1_000_000);
            long now = end + random.nextInt(3) * (long) random.nextInt(100_000);
            Item ended = new Item(1L + random.nextInt(3), end, 8, 1, 0, 0, A.bytes());
            Operation<ValueReply> operation = random(random);
            Transition<ValueReply> a = operation.apply(null, now);
            Transition<ValueReply> b = operation.apply(ended, now);
            assertThat(b.result()).isEqualTo(a.result());
            assertThat(b.admitted()).isEqualTo(a.admitted());
            assertThat(b.effect().toString()).isEqualTo(a.effect().toString());
        }
    }

    private static Operation<ValueReply> random(Random random) {
        int expected = random.nextInt(4);
        return switch (random.nextInt(8)) {
            case 0 -> new ValueRead(random.nextBoolean());
            case 1 -> new ValuePut(random.nextInt(2), MINUTE, OURS, random.nextBoolean(), B);
            case 2 -> new ValueSetIfAbsent(MINUTE, OURS, random.nextBoolean(), B);
            case 3 -> new ValueCompareAndSet(expected, MINUTE, OURS, random.nextBoolean(), B);
            case 4 -> new ValueCompareAndDelete(expected, OURS);
            case 5 -> new ValueDelete(OURS, random.nextBoolean());
            case 6 -> new ValueDeleteIfEqual(OURS, A);
            default -> new ValueRenew(Ttl.renew(Duration.ofSeconds(1)), RETENTION);
        };
    }

    @Test
    void versionRisesWithEveryWriteEvenAgainstTheClock() {
        Item there = new Item(NOW + 50, 0, 8, 1, 0, 0, A.bytes());
        assertThat(new ValuePut(0, MINUTE, OURS, false, B)
                        .apply(there, NOW)
                        .result()
                        .version())
                .isEqualTo(NOW + 51);
        assertThat(new ValuePut(0, MINUTE, OURS, false, B)
                        .apply(there, NOW + 99)
                        .result()
                        .version())
                .isEqualTo(NOW + 99);
        assertThat(new ValueDelete(OURS, false).apply(there, NOW).result().version())
                .isEqualTo(NOW + 51);
        assertThat(new ValuePut(0, MINUTE, OURS, false, B)
                        .apply(null, -5)
                        .result()
                        .version())
                .isEqualTo(1);
    }

    @Test
    void refusalLeavesEverythingAsItWas() {
        Item there = new Item(5, 0, 8, 1, 9, NOW + 9, A.bytes());
        for (Operation<ValueReply> refused : List.of(
                new ValuePut(8, MINUTE, OURS, true, B),
                new ValueSetIfAbsent(MINUTE, OURS, true, B),
                new ValueCompareAndSet(4, MINUTE, OURS, true, B),
                new ValueCompareAndDelete(4, OURS),
                new ValueDeleteIfEqual(OURS, B))) {
            Transition<ValueReply> step = refused.apply(there, NOW);
            assertThat(step.effect()).isSameAs(Effect.keep());
            assertThat(step.admitted()).isFalse();
            assertThat(step.result().applied()).isFalse();
            assertThat(step.result().version()).isEqualTo(5);
        }
    }

    @Test
    void undoOfACreationTakesThatValueAlone() {
        ValueSetIfAbsent create = new ValueSetIfAbsent(MINUTE, OURS, false, A);
        Operation<?> undo = create.undo(create.apply(null, NOW).result());
        Value created = after(create, null, NOW);
        Value replaced = after(new ValuePut(0, MINUTE, THEIRS, false, A), created, NOW);
        assertThat(((Item) after(undo, created, NOW)).presentAt(NOW)).isFalse();
        assertThat(after(undo, replaced, NOW)).isEqualTo(replaced);
    }

    @Test
    void argumentsAndRepliesAreExactAndReadBack() {
        assertThat(new ValueCompareAndSet(5, MINUTE, OURS, true, A).arguments())
                .containsExactly(5, RETENTION, 7, 1, 1, 2, 60_000_000);
        assertThat(new ValuePut(3, MINUTE, OURS, false, A).arguments())
                .containsExactly(3, RETENTION, 7, 1, 0, 2, 60_000_000);
        assertThat(new ValuePut(3, MINUTE, OURS, false, A).payload()).containsExactly('a');
        Random random = new Random(12);
        for (int i = 0; i < 1_000; i++) {
            Operation<ValueReply> operation = random(random);
            assertThat(Arrays.stream(operation.arguments()).boxed()).allMatch(Exact::is);
            ValueReply reply =
                    operation.apply(new Item(2, 0, 8, 1, 0, 0, A.bytes()), NOW).result();
            byte[] bytes = reply.payload() == null ? null : reply.payload().bytes();
            long[] numbers = {
                reply.applied() ? 1 : 0, reply.present() ? 1 : 0, reply.version(), reply.endsAt(), reply.nowMicros()
            };
            assertThat(operation.decode(numbers, bytes)).isEqualTo(reply);
        }
    }

    private static @Nullable Value after(Operation<?> operation, @Nullable Value before, long now) {
        Effect effect = operation.apply(before, now).effect();
        return effect instanceof Effect.Put put ? put.next() : effect instanceof Effect.Delete ? null : before;
    }
}
