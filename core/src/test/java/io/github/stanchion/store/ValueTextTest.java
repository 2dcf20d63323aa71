package io.github.stanchion.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTextTest {

    @Test
    void textIsTheDocumentedOne() {
        assertThat(text(Cells.of(12, 34, -5))).isEqualTo("12 34 -5");
        assertThat(text(Cells.of(0))).isEqualTo("0");
        assertThat(text(new Counter(5, 0))).isEqualTo("#0 5 0");
        assertThat(text(new Counter(-1, 77))).isEqualTo("#-1 4294967295 77");
        assertThat(text(new Counter(Long.MIN_VALUE, 0))).isEqualTo("#-2147483648 0 0");
        assertThat(text(new Item(3, 4, 5, 6, 7, 8, new byte[] {'h', '\n', 'i'})))
                .isEqualTo("=1 3 4 1 5 6 7 8\nh\ni");
        assertThat(text(new Item(3, 0, 0, 0, 0, 0, null))).isEqualTo("=1 3 0 0 0 0 0 0\n");
        assertThat(text(new Item(3, 0, 0, 0, 0, 0, new byte[0]))).isEqualTo("=1 3 0 1 0 0 0 0\n");
    }

    @Test
    void decodeInvertsEncode() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            Value value = random(random);
            assertThat(ValueText.decode(ValueText.encode(value))).isEqualTo(value);
        }
    }

    @Test
    void whatDecodeAcceptsIsWhatEncodeWrites() {
        Random random = new Random(2);
        byte[] alphabet = "0123456789 -#=\n+".getBytes(ISO_8859_1);
        int accepted = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = ValueText.encode(random(random));
            bytes[random.nextInt(Math.min(bytes.length, 40))] = alphabet[random.nextInt(alphabet.length)];
            Value value;
            try {
                value = ValueText.decode(bytes);
            } catch (UnreadableStateException notOurs) {
                continue;
            }
            accepted++;
            assertThat(ValueText.encode(value)).isEqualTo(bytes);
        }
        assertThat(accepted).isPositive();
    }

    @Test
    void asManyCellsAsAllowedAndNoMore() {
        String most = "7 ".repeat(Cells.MOST - 1) + "7";
        assertThat(((Cells) ValueText.decode(most.getBytes(ISO_8859_1))).size()).isEqualTo(Cells.MOST);
        unreadable(most + " 7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1 ",
                " 1",
                "1  2",
                "01",
                "-0",
                "00",
                "+1",
                "1.0",
                "1e3",
                "-",
                "--1",
                "1\n",
                "1\t2",
                "0x1",
                "9007199254740992",
                "-9007199254740992",
                "99999999999999999999999999",
                "hello",
                "{\"a\":1}",
                "#",
                "#1",
                "#0 1",
                "#0 1 ",
                "#0 1 2 3",
                "#0 -1 0",
                "#0 4294967296 0",
                "#2147483648 0 0",
                "#0 1 -1",
                "#-2147483649 0 0",
                "# 0 1 0",
                "##0 1 0",
                "=",
                "=\n",
                "=1 3 4 1 5 6 7 8",
                "=2 3 4 1 5 6 7 8\n",
                "=1 0 4 1 5 6 7 8\n",
                "=1 3 -4 1 5 6 7 8\n",
                "=1 3 4 2 5 6 7 8\n",
                "=1 3 4 0 5 6 7 8\nx",
                "=1 3 4 1 5 6 7\n",
                "=1 3 4 1 5 6 7 8 9\n",
                "=1 3 4 1 5 6 7 8 \n"
            })
    void foreignTextIsUnreadable(String text) {
        unreadable(text);
    }

    @Test
    void foreignBytesAreUnreadable() {
        unreadable("\u0661");
        unreadable("\u00b2");
        unreadable("\u0000");
    }

    @Test
    void payloadsUpToTheLargestAreKept() {
        byte[] payload = new byte[Item.LARGEST];
        new Random(3).nextBytes(payload);
        Item item = new Item(1, 0, 0, 0, 0, 0, payload);
        assertThat(ValueText.decode(ValueText.encode(item))).isEqualTo(item);
        byte[] tooLong = new byte[ValueText.encode(item).length + 1];
        System.arraycopy(ValueText.encode(item), 0, tooLong, 0, tooLong.length - 1);
        assertThatThrownBy(() -> ValueText.decode(tooLong)).isInstanceOf(UnreadableStateException.class);
    }

    private static void unreadable(String text) {
        assertThatThrownBy(() -> ValueText.decode(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableStateException.class)
                .hasMessageContaining("none of ours");
    }

    private static String text(Value value) {
        return new String(ValueText.encode(value), ISO_8859_1);
    }

    private static Value random(Random random) {
        switch (random.nextInt(3)) {
            case 0 -> {
                long[] cells = new long[1 + random.nextInt(5)];
                for (int i = 0; i < cells.length; i++) {
                    cells[i] = random.nextBoolean() ? exact(random) : -exact(random);
                }
                return Cells.of(cells);
            }
            case 1 -> {
                return new Counter(random.nextLong() >> random.nextInt(64), exact(random));
            }
            default -> {
                byte[] payload = new byte[random.nextInt(5)];
                random.nextBytes(payload);
                return new Item(
                        Math.max(1, exact(random)),
                        exact(random),
                        -exact(random),
                        exact(random),
                        exact(random),
                        exact(random),
                        random.nextInt(4) == 0 ? null : payload);
            }
        }
    }

    private static long exact(Random random) {
        return random.nextInt(10) == 0 ? Exact.MAX : (random.nextLong() & Exact.MAX) >> random.nextInt(53);
    }
}
