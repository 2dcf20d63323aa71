package io.github.stanchion.store;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The one text form of a value, for stores that keep bytes.
 *
 * <ul>
 *   <li>{@link Cells}: their numbers, as in {@code 12 34 -5}.
 *   <li>{@link Counter}: {@code #<high> <low> <endsAt>}, where high is {@code count >> 32} and low its lower 32 bits, so that
 *       readers whose numbers are doubles lose nothing.
 *   <li>{@link Item}: {@code =1 <version> <endsAt> <present> <writerNode> <writerSeq> <fence> <fenceEndsAt>}, a newline, then
 *       the payload; present is 1, or 0 for a tombstone, which no byte follows.
 * </ul>
 *
 * <p>Numbers are decimals within {@link Exact#MAX}, without leading zeros, plus or {@code -0}, single spaces between them.
 * Whatever else is found is not ours to interpret. Equal values have equal bytes, so a store may compare those.
 */
public final class ValueText {

    private static final char COUNTER = '#';
    private static final char ITEM = '=';
    private static final int ITEM_FORMAT = 1;
    private static final int ITEM_NUMBERS = 8;
    private static final long LOW = 0xFFFFFFFFL;

    private ValueText() {}

    /** The bytes of {@code value}; a fresh array. */
    public static byte[] encode(Value value) {
        StringBuilder text = new StringBuilder(64);
        if (value instanceof Counter counter) {
            text.append(COUNTER);
            numbers(text, counter.count() >> 32, counter.count() & LOW, counter.endsAt());
            return ascii(text);
        }
        if (value instanceof Item item) {
            return encode(text, item);
        }
        return ascii(numbers(text, ((Cells) value).toArray()));
    }

    private static byte[] encode(StringBuilder text, Item item) {
        byte @Nullable [] payload = item.payload();
        numbers(
                text.append(ITEM),
                ITEM_FORMAT,
                item.version(),
                item.endsAt(),
                payload == null ? 0 : 1,
                item.writerNode(),
                item.writerSeq(),
                item.fence(),
                item.fenceEndsAt());
        byte[] head = ascii(text.append('\n'));
        if (payload == null) {
            return head;
        }
        byte[] all = new byte[head.length + payload.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    private static StringBuilder numbers(StringBuilder to, long... numbers) {
        for (int i = 0; i < numbers.length; i++) {
            to.append(i == 0 ? "" : " ").append(numbers[i]);
        }
        return to;
    }

    private static byte[] ascii(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The value whose bytes these are; inverts {@link #encode} and accepts nothing that it does not write.
     *
     * @throws UnreadableStateException if they are those of no value
     */
    public static Value decode(byte[] bytes) {
        try {
            return bytes.length > 0 && bytes[0] == COUNTER
                    ? counter(new DecimalReader(bytes, 1, bytes.length))
                    : bytes.length > 0 && bytes[0] == ITEM ? item(bytes) : cells(bytes);
        } catch (IllegalArgumentException outOfRange) {
            throw new UnreadableStateException(
                    "State of " + bytes.length + " bytes is none of ours; nothing was changed, remove or rename it",
                    outOfRange);
        }
    }

    private static Counter counter(DecimalReader reader) {
        long high = reader.next();
        long low = reader.next();
        Counter counter = new Counter(high << 32 | low & LOW, reader.last());
        if (high != counter.count() >> 32 || low != (counter.count() & LOW)) {
            throw new IllegalArgumentException("Halves of a count are out of range");
        }
        return counter;
    }

    private static Item item(byte[] bytes) {
        int newline = 1;
        while (newline < bytes.length && bytes[newline] != '\n') {
            newline++;
        }
        if (newline == bytes.length) {
            throw new IllegalArgumentException("An item has no end of numbers");
        }
        DecimalReader reader = new DecimalReader(bytes, 1, newline);
        long[] n = new long[ITEM_NUMBERS];
        for (int i = 0; i < ITEM_NUMBERS - 1; i++) {
            n[i] = reader.next();
        }
        n[ITEM_NUMBERS - 1] = reader.last();
        int length = bytes.length - newline - 1;
        if (n[0] != ITEM_FORMAT || n[3] != 1 && (n[3] != 0 || length > 0)) {
            throw new IllegalArgumentException("An item has another format");
        }
        byte[] payload = new byte[length];
        System.arraycopy(bytes, newline + 1, payload, 0, length);
        return new Item(n[1], n[2], n[4], n[5], n[6], n[7], n[3] == 1 ? payload : null);
    }

    private static Cells cells(byte[] bytes) {
        DecimalReader reader = new DecimalReader(bytes, 0, bytes.length);
        int count = reader.count();
        if (count > Cells.MOST) {
            throw new IllegalArgumentException("There are more cells than a value may have");
        }
        long[] cells = new long[count];
        for (int i = 0; i < count - 1; i++) {
            cells[i] = reader.next();
        }
        cells[count - 1] = reader.last();
        return Cells.of(cells);
    }
}
