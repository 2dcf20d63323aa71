package io.github.stanchion.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyResolverTest {

    private static @Nullable List<String> parts(@Nullable Object... values) {
        List<String> texts = Arrays.stream(values).map(value -> "#secret").toList();
        int[] next = {0};
        return KeyResolver.of(
                        texts,
                        TestCall.BLOCKING,
                        (text, method, origin) -> {
                            int index = next[0]++;
                            return (call, end) -> values[index];
                        },
                        "key")
                .parts(TestCall.blocking(() -> ""));
    }

    @Test
    void valuesWithATextOfTheirOwnAreParts() throws Exception {
        UUID id = UUID.fromString("00000000-0000-0001-0000-000000000002");
        assertThat(parts("a", 1, 2L, new BigDecimal("1.50"), true, 'c'))
                .containsExactly("a", "1", "2", "1.50", "true", "c");
        assertThat(parts(id, Named.ONE, CharBuffer.wrap("b"), new Point(1, 2)))
                .containsExactly(id.toString(), "ONE", "b", "Point[x=1, y=2]");
        assertThat(parts(InetAddress.getByAddress("host", new byte[] {10, 0, 0, 1})))
                .containsExactly("10.0.0.1");
        assertThat(parts(Optional.of(7))).containsExactly("7");
    }

    @Test
    void oneMissingPartMakesTheKeyMissing() {
        assertThat(parts(new Object[] {null})).isNull();
        assertThat(parts(Optional.empty())).isNull();
        assertThat(parts("a", null)).isNull();
        assertThat(parts("")).containsExactly("");
    }

    @Test
    void valuesThatTellNothingAreRefusedWithoutShowingThem() {
        for (Object value : new Object[] {
            new Object(), new int[] {42}, new String[] {"s3cret"}, List.of("s3cret"), Map.of("s3cret", 1), new Bare()
        }) {
            assertThatThrownBy(() -> parts(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'#secret'")
                    .hasMessageContaining(value.getClass().getTypeName())
                    .hasMessageNotContainingAny("s3cret", "@");
        }
    }

    private enum Named {
        ONE {
            @Override
            public String toString() {
                return "not this";
            }
        }
    }

    private record Point(int x, int y) {}

    private static final class Bare {}
}
