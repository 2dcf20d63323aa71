package io.github.stanchion.guard;

import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Carries out the moves of one session for facades, where no method is guarded. Thread-safe. */
public final class SessionDriver {

    private final Sleeper sleeper;

    public SessionDriver(Sleeper sleeper) {
        this.sleeper = sleeper;
    }

    /**
     * Blocks until the session is through.
     *
     * @return {@link Move.Admit}, {@link Move.Answer}, {@link Move.Reject} or {@link Move.Fail}
     */
    public Move drive(GuardSession session, Move first) {
        return isLast(first) ? first : driveOn(session, first);
    }

    /** Apart, so that the compiler can do without a session that is through at once. */
    private Move driveOn(GuardSession session, Move first) {
        boolean interrupted = false;
        try {
            Move move = first;
            while (!isLast(move)) {
                if (move instanceof Move.Pause pause) {
                    interrupted |= !slept(pause);
                    move = interrupted ? session.abandoned() : session.paused();
                } else {
                    move = ask(session, move);
                }
            }
            return move;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isLast(Move move) {
        return !Passage.happensOutside(move);
    }

    private boolean slept(Move.Pause pause) {
        try {
            if (pause.wakeUp() == null) {
                sleeper.sleep(pause.micros());
            } else {
                sleeper.sleep(pause.micros(), pause.wakeUp());
            }
            return true;
        } catch (InterruptedException wakened) {
            return false;
        }
    }

    private static Move ask(GuardSession session, Move move) {
        Object answer;
        try {
            answer = answer(move);
        } catch (StoreException trouble) {
            return session.failed(trouble);
        }
        return session.answered(answer);
    }

    private static Object answer(Move move) {
        if (move instanceof Move.Ask ask) {
            return ask.store().execute(ask.key(), ask.operation());
        }
        if (move instanceof Move.AskAll all) {
            return all.store().executeAll(all.steps());
        }
        Move.AskEach each = (Move.AskEach) move;
        return each.store().executeEach(each.steps());
    }

    /**
     * The same without blocking a thread. Cancelling the future ends a wait, and the session gives back what it has taken.
     */
    public CompletableFuture<Move> driveAsync(GuardSession session, Move first) {
        CompletableFuture<Move> last = new CompletableFuture<>();
        step(session, first, last);
        return last;
    }

    private void step(GuardSession session, Move move, CompletableFuture<Move> last) {
        if (isLast(move)) {
            last.complete(move);
            return;
        }
        CompletionStage<Move> next = move instanceof Move.Pause pause
                ? pausing(session, pause, last)
                : asking(move)
                        .handle((answer, trouble) ->
                                trouble == null ? session.answered(answer) : session.failed(storeTrouble(trouble)));
        next.whenComplete((following, bug) -> {
            if (bug != null) {
                last.completeExceptionally(cause(bug));
            } else {
                step(session, following, last);
            }
        });
    }

    private CompletionStage<Move> pausing(GuardSession session, Move.Pause pause, CompletableFuture<Move> last) {
        if (last.isCancelled()) {
            return CompletableFuture.completedFuture(session.abandoned());
        }
        CompletionStage<Void> sleeping = pause.wakeUp() == null
                ? sleeper.sleepAsync(pause.micros())
                : sleeper.sleepAsync(pause.micros(), pause.wakeUp());
        CompletionStage<Move> next =
                sleeping.handle((slept, cut) -> cut == null ? session.paused() : session.abandoned());
        CompletableFuture<Move> unused = last.whenComplete((any, cut) -> {
            if (cut instanceof CancellationException) {
                sleeping.toCompletableFuture().cancel(false);
            }
        });
        return next;
    }

    private static CompletionStage<?> asking(Move move) {
        if (move instanceof Move.Ask ask) {
            return ask.store().executeAsync(ask.key(), ask.operation());
        }
        if (move instanceof Move.AskAll all) {
            return all.store().executeAllAsync(all.steps());
        }
        Move.AskEach each = (Move.AskEach) move;
        return each.store().executeEachAsync(each.steps());
    }

    private static StoreException storeTrouble(Throwable trouble) {
        Throwable cause = cause(trouble);
        return cause instanceof StoreException known
                ? known
                : new StoreTimeoutException("The store failed in a way that it should not", cause);
    }

    private static Throwable cause(Throwable trouble) {
        @Nullable Throwable inner = trouble instanceof CompletionException ? trouble.getCause() : null;
        return inner == null ? trouble : inner;
    }
}
