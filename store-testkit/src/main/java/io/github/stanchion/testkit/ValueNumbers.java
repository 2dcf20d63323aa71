package io.github.stanchion.testkit;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value as numbers that are exact on every store.
 *
 * <p>First what it is: 0 nothing, 1 cells, 2 a counter, 3 an item. Then all cells; or the count's high and low 32 bits and
 * the end; or version, end, writer, write number, fence, end of the fence, and 1 if there is a payload.
 */
final class ValueNumbers {

    private ValueNumbers() {}

    static long[] of(@Nullable Value value) {
        if (value instanceof Cells cells) {
            long[] numbers = new long[cells.size() + 1];
            numbers[0] = 1;
            System.arraycopy(cells.toArray(), 0, numbers, 1, cells.size());
            return numbers;
        }
        if (value instanceof Counter counter) {
            return new long[] {2, counter.count() >> 32, counter.count() & 0xFFFF_FFFFL, counter.endsAt()};
        }
        if (value instanceof Item item) {
            return new long[] {
                3,
                item.version(),
                item.endsAt(),
                item.writerNode(),
                item.writerSeq(),
                item.fence(),
                item.fenceEndsAt(),
                item.payload() == null ? 0 : 1
            };
        }
        return new long[] {0};
    }

    static byte @Nullable [] payload(@Nullable Value value) {
        return value instanceof Item item ? item.payload() : null;
    }

    static @Nullable Value read(long[] numbers, int at, byte @Nullable [] bytes) {
        if (numbers[at] == 1) {
            return Cells.of(Arrays.copyOfRange(numbers, at + 1, numbers.length));
        }
        if (numbers[at] == 2) {
            return new Counter(numbers[at + 1] << 32 | numbers[at + 2], numbers[at + 3]);
        }
        if (numbers[at] == 3) {
            return new Item(
                    numbers[at + 1],
                    numbers[at + 2],
                    numbers[at + 3],
                    numbers[at + 4],
                    numbers[at + 5],
                    numbers[at + 6],
                    numbers[at + 7] == 1 ? bytes : null);
        }
        return null;
    }
}
