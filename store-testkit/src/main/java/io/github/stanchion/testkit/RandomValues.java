package io.github.stanchion.testkit;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.Value;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** States that no operation wrote, or that another version, another policy or a broken clock left behind. */
final class RandomValues {

    private static final long EPOCH_2025 = 1_735_689_600_000_000L;

    private RandomValues() {}

    /** A value that is like {@code near}, or like nothing. */
    static @Nullable Value strange(Random random, @Nullable Value near, long now) {
        return switch (random.nextInt(10)) {
            case 0 -> new Counter(random.nextLong(), Math.max(0, number(random, now)));
            case 1 -> item(random, now);
            case 2, 3 -> cells(random, 1 + random.nextInt(3), now);
            case 4 -> cells(random, 1 + random.nextInt(30), now);
            default -> near instanceof Cells cells ? mutated(random, cells, now) : cells(random, 1, now);
        };
    }

    private static Cells mutated(Random random, Cells cells, long now) {
        long[] numbers = cells.toArray();
        int at = random.nextInt(numbers.length);
        switch (random.nextInt(6)) {
            case 0 -> numbers[at] = within(numbers[at] + 1);
            case 1 -> numbers[at] = within(numbers[at] - 1);
            case 2 -> numbers[at] = number(random, now);
            case 3 -> numbers[at] = within(-numbers[at]);
            case 4 -> numbers = Arrays.copyOf(numbers, numbers.length + 1);
            default -> numbers = Arrays.copyOf(numbers, Math.max(1, numbers.length - 1));
        }
        return Cells.of(numbers);
    }

    private static Cells cells(Random random, int size, long now) {
        long[] numbers = new long[size];
        Arrays.setAll(numbers, i -> number(random, now));
        return Cells.of(numbers);
    }

    private static Item item(Random random, long now) {
        byte[] payload = random.nextBoolean() ? null : new byte[random.nextInt(4)];
        return new Item(
                1 + Math.abs(number(random, now)) / 2,
                Math.abs(number(random, now)),
                number(random, now),
                random.nextInt(3),
                Math.abs(number(random, now)),
                Math.abs(number(random, now)),
                payload);
    }

    private static long number(Random random, long now) {
        return within(
                switch (random.nextInt(8)) {
                    case 0 -> 0;
                    case 1 -> random.nextInt(20) - 10;
                    case 2 -> now - EPOCH_2025 + random.nextInt(2_000_001) - 1_000_000;
                    case 3 -> now + random.nextInt(2_000_001) - 1_000_000;
                    case 4 -> Exact.MAX - random.nextInt(2);
                    case 5 -> random.nextInt(2) - Exact.MAX;
                    case 6 -> 1L << random.nextInt(53);
                    default -> -(1L << random.nextInt(53));
                });
    }

    private static long within(long number) {
        return Math.max(-Exact.MAX, Math.min(Exact.MAX, number));
    }

    /** The time itself, mostly; else a clock that was never set, or set far ahead. */
    static long strangeTime(Random random, long now) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(1_000_000);
            case 1 -> EPOCH_2025 - random.nextInt(3);
            case 2 -> now + (1L << random.nextInt(51));
            default -> now;
        };
    }
}
