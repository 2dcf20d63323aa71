package io.github.stanchion.guard;

import io.github.stanchion.store.StoreException;

/**
 * One guard's part in one call, as a little machine: the executor carries out each {@link Move} and reports how it went,
 * until the move is {@link Move.Admit}, {@link Move.Answer}, {@link Move.Reject} or {@link Move.Fail}.
 *
 * <p>Used by one thread at a time, not always the same. Sessions do no I/O, wait for nothing and hold no monitor; that makes
 * them serve blocking, asynchronous and reactive calls alike.
 */
public interface GuardSession {

    /** The first move; called once. */
    Move begin();

    /**
     * The store has answered.
     *
     * @param answer of {@link Move.Ask} the operation's result; of {@link Move.AskAll} a {@code JointResult}; of
     *     {@link Move.AskEach} a list of {@code StepResult}
     */
    Move answered(Object answer);

    /** The store could not be asked or has not answered. */
    Move failed(StoreException trouble);

    /** A {@link Move.Pause} is over. */
    default Move paused() {
        throw new IllegalStateException("This session never pauses");
    }

    /** A {@link Move.Pause} was cut short, as the caller was interrupted or has cancelled: give back what was taken. */
    default Move abandoned() {
        throw new IllegalStateException("This session never pauses");
    }

    /** Whether {@link #left} wants to be called; asked once, after the session has admitted. */
    default boolean watchesOutcome() {
        return false;
    }

    /**
     * What the body runs in; asked once, of sessions that watch the outcome, after all guards have admitted.
     *
     * @param outer what the guards further out make it run in
     */
    default CallScope scope(CallScope outer) {
        return outer;
    }

    /** The body goes on after it has returned, and {@code stop} makes it end early; told sessions that watch the outcome. */
    default void stoppableBy(Runnable stop) {}

    /**
     * The call that this session admitted is over.
     *
     * <p>The moves that follow end with {@link Move.Admit}, and the caller gets the outcome as it is; or with
     * {@link Move.Reject} or {@link Move.Fail}, whose error replaces a value, and is suppressed by an error that the outcome
     * already holds.
     */
    default Move left(Outcome outcome) {
        return Move.admit();
    }
}
