package io.github.stanchion.testkit.proof;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one key does if its operations happen one after the other; {@link Linearizability} looks for such an order.
 *
 * <p>Immutable, and without side effects.
 *
 * @param <S> state of the key, told from others by {@code equals}
 */
public interface SequentialModel<S> {

    /** The state before the first operation. */
    S initial();

    /** Which events the model explains. */
    List<Action> actions();

    /**
     * The state after the event took effect, or was refused, as its outcome says; an unknown one took effect.
     *
     * @return null if it cannot have happened in this state
     */
    @Nullable
    S after(S state, Event event);

    /** The events of one key, with those that nobody noted but that may have happened; these are unknown. */
    default List<Event> complete(List<Event> events) {
        return events;
    }

    /**
     * Where an answered operation stands among others of its key, if it says so itself, as by a token: such operations happen in
     * the order of their places.
     *
     * @return 0 if it may stand anywhere
     */
    default long place(Event event) {
        return 0;
    }
}
