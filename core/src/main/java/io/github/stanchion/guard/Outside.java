package io.github.stanchion.guard;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Carries out what moves ask of the world outside of their session: the stores, and time. Thread-safe. */
final class Outside {

    private final Sleeper sleeper;

    Outside(Sleeper sleeper) {
        this.sleeper = sleeper;
    }

    /** Whether the move is no last one: something has to happen before the session goes on. */
    static boolean happens(Move move) {
        return !(move instanceof Move.Admit
                || move instanceof Move.Answer
                || move instanceof Move.Reject
                || move instanceof Move.Fail);
    }

    /** The store's answer to a move that is no pause; throws what the store throws. */
    static Object ask(Move move) {
        if (move instanceof Move.Ask ask) {
            return ask.store().execute(ask.key(), ask.operation());
        }
        if (move instanceof Move.AskAll ask) {
            return ask.store().executeAll(ask.steps());
        }
        Move.AskEach ask = (Move.AskEach) move;
        return ask.store().executeEach(ask.steps());
    }

    /** As {@link #ask}, without blocking. */
    static CompletionStage<?> askAsync(Move move) {
        if (move instanceof Move.Ask ask) {
            return ask.store().executeAsync(ask.key(), ask.operation());
        }
        if (move instanceof Move.AskAll ask) {
            return ask.store().executeAllAsync(ask.steps());
        }
        Move.AskEach ask = (Move.AskEach) move;
        return ask.store().executeEachAsync(ask.steps());
    }

    /** Blocks until the pause is over; false if the thread was interrupted, whose flag is off then. */
    boolean pause(Move.Pause pause) {
        try {
            if (pause.wakeUp() == null) {
                sleeper.sleep(pause.micros());
            } else {
                sleeper.sleep(pause.micros(), pause.wakeUp());
            }
            return true;
        } catch (InterruptedException interrupted) {
            return false;
        }
    }

    /** As {@link #pause}, without blocking; cancelling it ends the pause. */
    CompletableFuture<Void> pauseAsync(Move.Pause pause) {
        CompletionStage<Void> over = pause.wakeUp() == null
                ? sleeper.sleepAsync(pause.micros())
                : sleeper.sleepAsync(pause.micros(), pause.wakeUp());
        return over.toCompletableFuture();
    }
}
