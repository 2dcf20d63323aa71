package io.github.stanchion.testkit.proof;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A register that reads show as the last write left it, and that takes no write with a lower token than it has. It begins
 * with token and value 0; without fences all tokens are 0.
 */
public record RegisterModel() implements SequentialModel<RegisterModel.Content> {

    /** What a register holds. */
    public record Content(long token, long value) {}

    @Override
    public Content initial() {
        return new Content(0, 0);
    }

    @Override
    public List<Action> actions() {
        return List.of(Action.READ, Action.WRITE, Action.ADD);
    }

    @Override
    public @Nullable Content after(Content state, Event event) {
        Content shown = new Content(event.token(), event.value());
        if (event.action() == Action.READ) {
            return event.outcome() == Outcome.OK && !shown.equals(state) ? null : state;
        }
        boolean stale = event.token() < state.token();
        if (event.outcome() == Outcome.FAIL) {
            return stale ? state : null;
        }
        boolean follows = event.action() == Action.WRITE || event.value() == state.value() + 1;
        return stale || !follows ? null : shown;
    }
}
