package io.github.stanchion.memory;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a sum unless that would exceed {@code most}; the sum counts until {@code micros} after the last addition, for ever
 * if 0. The result is the sum, negative and less one if refused.
 */
record Add(long delta, long most, long micros, boolean shareable) implements Operation<Long> {

    static final String TOPIC = "added";

    static Add one(long most) {
        return new Add(1, most, 60_000_000, false);
    }

    static Add shared(long most, long micros) {
        return new Add(1, most, micros, true);
    }

    @Override
    public String name() {
        return "test.add";
    }

    @Override
    public long[] arguments() {
        return new long[] {delta, most, micros, shareable ? 1 : 0};
    }

    @Override
    public Transition<Long> apply(@Nullable Value current, long nowMicros) {
        long sum = 0;
        if (current instanceof Cells cells && cells.size() == 2) {
            sum = cells.get(1) == 0 || cells.get(1) > nowMicros ? cells.get(0) : 0;
        } else if (current != null) {
            throw new UnreadableStateException("No sum");
        }
        if (sum + delta > most) {
            return new Transition<>(Effect.keep(), false, -sum - 1);
        }
        long end = micros == 0 ? 0 : nowMicros + micros;
        List<Signal> signals = delta == 0 ? List.of() : List.of(new Signal("test", TOPIC, List.of(sum + delta)));
        Effect effect = delta == 0 ? Effect.keep() : Effect.put(Cells.of(sum + delta, end), micros);
        return new Transition<>(effect, true, sum + delta, signals);
    }

    @Override
    public Long decode(long[] reply) {
        return reply[0];
    }
}
