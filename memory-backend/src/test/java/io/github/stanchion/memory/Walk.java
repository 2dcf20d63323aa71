package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes the same steps on one key of a store and on a plain variable, and fails at the first difference. */
final class Walk implements AutoCloseable {

    private static final StoreKey KEY = KeySpace.of("test", "walk", "one").key("subject");

    final TestClock clock = new TestClock();
    private final String name;
    private final MemoryStore store = MemoryStore.builder().clock(clock).build();
    private @Nullable Value expected;
    private long expectedEnd = Slot.NEVER;
    private int steps;
    private int inWord;
    private int live;

    Walk(String name) {
        this.name = name;
    }

    <R> R step(Operation<R> operation) {
        Transition<R> reference = operation.apply(expected, clock.micros());
        R result = store.execute(KEY, operation);
        apply(reference.effect());
        compare(operation, reference.result(), result);
        return result;
    }

    <R> void stepJointly(Operation<R> operation) {
        Transition<R> reference = operation.apply(expected, clock.micros());
        Object result = store.executeAll(List.of(new KeyedOperation<>(KEY, operation)))
                .results()
                .get(0);
        if (reference.admitted()) {
            apply(reference.effect());
        }
        compare(operation, reference.result(), result);
    }

    private void apply(Effect effect) {
        if (effect instanceof Effect.Put put) {
            expected = put.next();
            expectedEnd = put.collectAfterMicros() == Effect.Put.NEVER
                    ? Slot.NEVER
                    : clock.micros() + put.collectAfterMicros();
        } else if (effect instanceof Effect.Delete) {
            expected = null;
        }
    }

    private void compare(Operation<?> operation, Object expectedResult, Object result) {
        steps++;
        Slot slot = store.slot(KEY);
        inWord += slot != null && slot.state() > Slot.DEAD ? 1 : 0;
        live += slot != null && slot.live() != null ? 1 : 0;
        if (!expectedResult.equals(result)) {
            assertThat(result).as(() -> describe(operation)).isEqualTo(expectedResult);
        }
        if (expected == null) {
            assertThat(slot).as(() -> describe(operation)).isNull();
            return;
        }
        boolean endsThen = slot != null
                && (expectedEnd == Slot.NEVER || slot.collectableAt(expectedEnd))
                && !slot.collectableAt(expectedEnd - 1);
        assertThat(endsThen)
                .as(() -> "time to collection, " + describe(operation))
                .isTrue();
        if (steps % 2 == 0) {
            assertThat(store.execute(KEY, new Look()))
                    .as(() -> describe(operation))
                    .isEqualTo(Optional.of(expected));
        }
    }

    private String describe(Operation<?> operation) {
        return name + ", step " + steps + " at " + clock.micros() + ": " + operation;
    }

    /** How many steps left a state in the slot's word. */
    int stepsInWord() {
        return inWord;
    }

    /** How many steps left a state in bucket4j's form. */
    int stepsLive() {
        return live;
    }

    @Override
    public void close() {
        store.close();
    }
}
