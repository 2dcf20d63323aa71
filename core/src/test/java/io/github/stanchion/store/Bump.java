package io.github.stanchion.store;

import org.jspecify.annotations.Nullable;

/**
 * Takes one permit of {@code limit} from a cell; the plainest operation that can refuse and be taken back.
 *
 * @param limit how many there are
 */
public record Bump(long limit) implements Operation<Long> {

    @Override
    public String name() {
        return "test.bump";
    }

    @Override
    public long[] arguments() {
        return new long[] {limit};
    }

    @Override
    public Transition<Long> apply(@Nullable Value current, long nowMicros) {
        long taken = current == null ? 0 : cell(current);
        // The refusal writes bookkeeping, which a joint step must drop.
        return taken >= limit
                ? new Transition<>(Effect.put(Cells.of(taken, 1), Effect.Put.NEVER), false, taken)
                : new Transition<>(Effect.put(Cells.of(taken + 1, 0), Effect.Put.NEVER), true, taken + 1);
    }

    private static long cell(Value value) {
        if (value instanceof Cells cells) {
            return cells.get(0);
        }
        throw new UnreadableStateException("State is no cell");
    }

    @Override
    public Long decode(long[] reply) {
        return reply[0];
    }

    @Override
    public Operation<?> undo(Long admitted) {
        return new GiveBack();
    }

    /** Gives one permit back. */
    public record GiveBack() implements Operation<Long> {

        @Override
        public String name() {
            return "test.give-back";
        }

        @Override
        public long[] arguments() {
            return new long[0];
        }

        @Override
        public Transition<Long> apply(@Nullable Value current, long nowMicros) {
            long taken = current == null ? 0 : cell(current);
            return taken == 0
                    ? new Transition<>(Effect.keep(), true, 0L)
                    : new Transition<>(Effect.put(Cells.of(taken - 1, 0), Effect.Put.NEVER), true, taken - 1);
        }

        @Override
        public Long decode(long[] reply) {
            return reply[0];
        }
    }
}
