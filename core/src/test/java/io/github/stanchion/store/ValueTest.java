package io.github.stanchion.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueTest {

    @Test
    void exactIsTheRangeOfADouble() {
        assertThat(Exact.is(Exact.MAX)).isTrue();
        assertThat(Exact.is(-Exact.MAX)).isTrue();
        assertThat(Exact.is(Exact.MAX + 1)).isFalse();
        assertThat(Exact.is(Long.MIN_VALUE)).isFalse();
        assertThat((long) (double) Exact.MAX).isEqualTo(Exact.MAX);
        refused(() -> Exact.require("Cell", Long.MAX_VALUE));
    }

    @Test
    void cellsAreCopiedAndBounded() {
        long[] given = {1, 2};
        Cells cells = Cells.of(given);
        given[0] = 9;
        cells.toArray()[1] = 9;
        assertThat(cells).isEqualTo(Cells.of(1, 2)).hasSameHashCodeAs(Cells.of(1, 2));
        refused(() -> Cells.of());
        refused(() -> Cells.of(new long[Cells.MOST + 1]));
        refused(() -> Cells.of(1, Exact.MAX + 1));
    }

    @Test
    void counterIsAbsentFromItsEndOn() {
        assertThat(new Counter(1, 10).endedAt(9)).isFalse();
        assertThat(new Counter(1, 10).endedAt(10)).isTrue();
        assertThat(new Counter(1, 0).endedAt(Long.MAX_VALUE)).isFalse();
        refused(() -> new Counter(1, -1));
        refused(() -> new Counter(1, Exact.MAX + 1));
    }

    @Test
    void itemIsAbsentFromItsEndOnAndAsATombstone() {
        Item item = new Item(1, 10, 0, 0, 0, 0, new byte[] {1});
        assertThat(item.presentAt(9)).isTrue();
        assertThat(item.presentAt(10)).isFalse();
        assertThat(new Item(1, 0, 0, 0, 0, 0, new byte[0]).presentAt(Long.MAX_VALUE))
                .isTrue();
        assertThat(new Item(1, 0, 0, 0, 0, 0, null).presentAt(0)).isFalse();
    }

    @Test
    void itemCopiesItsPayloadAndShowsNoneOfIt() {
        byte[] given = "secret".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Item item = new Item(1, 0, 0, 0, 0, 0, given);
        given[0] = 'x';
        byte[] read = item.payload();
        assertThat(read).startsWith('s');
        read[0] = 'y';
        assertThat(item.payload()).startsWith('s');
        assertThat(item.toString()).doesNotContain("ecret").contains("6 bytes");
        refused(() -> new Item(0, 0, 0, 0, 0, 0, null));
        refused(() -> new Item(1, 0, 0, 0, -1, 0, null));
        refused(() -> new Item(1, 0, 0, 0, 0, 0, new byte[Item.LARGEST + 1]));
    }

    @Test
    void timeToCollectionIsBounded() {
        refused(() -> Effect.put(Cells.of(1), -1));
        refused(() -> Effect.put(Cells.of(1), Effect.Put.LONGEST + 1));
    }

    @Test
    void jointStepsAreCountedAndDistinct() {
        KeySpace space = KeySpace.of("p", "k", "n");
        refused(() -> KeyedOperation.requireJoint(List.of()));
        List<KeyedOperation<?>> steps = new ArrayList<>();
        for (int i = 0; i < AtomicStore.MOST_STEPS; i++) {
            steps.add(new KeyedOperation<>(space.key("" + i), new Bump(0)));
        }
        assertThat(KeyedOperation.requireJoint(steps)).isEqualTo(steps);
        steps.add(new KeyedOperation<>(space.key("x"), new Bump(0)));
        refused(() -> KeyedOperation.requireJoint(steps));
        refused(() ->
                KeyedOperation.requireJoint(Collections.nCopies(2, new KeyedOperation<>(space.key("x"), new Bump(0)))));
    }

    @Test
    void errorsNameKindAndNameButNoSubject() {
        StoreKey key = KeySpace.of("p", "value", "jobs").key("bob@example.org");
        StoreException error = new UnreadableStateException("State is foreign").at(key);
        assertThat(error).hasMessage("State is foreign [value 'jobs']");
        assertThat(error.at(KeySpace.of("p", "k", "other").key())).hasMessage("State is foreign [value 'jobs']");
        StoreKey hostile = KeySpace.of("p", "value", "a\r\nINFO forged\0").key("x");
        assertThat(new UnreadableStateException("State is foreign").at(hostile).getMessage())
                .matches("[ -~]+")
                .contains("INFO forged");
        StoreKey huge = KeySpace.of("p", "value", "x".repeat(1_000_000)).key("x");
        assertThat(new UnreadableStateException("State is foreign").at(huge).getMessage())
                .hasSizeLessThan(200);
        assertThat(error.outcomeUnknown()).isFalse();
        assertThat(new StoreTimeoutException("late").outcomeUnknown()).isTrue();
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }
}
