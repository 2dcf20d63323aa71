package io.github.stanchion.guard;

import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Carries out the moves of one session for facades, where no method is guarded. Thread-safe. */
public final class SessionDriver {

    private final Outside outside;

    public SessionDriver(Sleeper sleeper) {
        this.outside = new Outside(sleeper);
    }

    /**
     * Blocks until the session is through.
     *
     * @return {@link Move.Admit}, {@link Move.Answer}, {@link Move.Reject} or {@link Move.Fail}
     */
    public Move drive(GuardSession session, Move first) {
        return Outside.happens(first) ? driveOn(session, first) : first;
    }

    /** Apart, so that the compiler can do without a session that is through at once. */
    private Move driveOn(GuardSession session, Move first) {
        boolean interrupted = false;
        try {
            Move move = first;
            while (Outside.happens(move)) {
                if (move instanceof Move.Pause pause) {
                    // Once interrupted, nothing waits any more; the flag stays off so that stores can still be asked.
                    interrupted = interrupted || !outside.pause(pause);
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

    private static Move ask(GuardSession session, Move move) {
        Object answer;
        try {
            answer = Outside.ask(move);
        } catch (StoreException trouble) {
            return session.failed(trouble);
        }
        return session.answered(answer);
    }

    /** The same without blocking a thread, to the end. */
    public CompletableFuture<Move> driveAsync(GuardSession session, Move first) {
        return driveAsync(session, first, new CompletableFuture<>());
    }

    /**
     * The same without blocking a thread, for as long as {@code caller} wants it: once that is done, as by cancellation,
     * nothing waits any more.
     *
     * <p>What comes of the session is known all the same: one that was admitted when nobody wanted it any more is to be left.
     */
    public CompletableFuture<Move> driveAsync(GuardSession session, Move first, CompletableFuture<?> caller) {
        Drive drive = new Drive(session, caller);
        drive.take(first);
        if (!drive.last.isDone()) {
            CompletableFuture<?> unused = caller.whenComplete((any, trouble) -> drive.hurry());
        }
        return drive.last;
    }

    private static StoreException storeTrouble(Throwable trouble) {
        Throwable cause = Stages.causeOf(trouble);
        return cause instanceof StoreException known
                ? known
                : new StoreTimeoutException("The store failed in a way that it should not", cause);
    }

    /** One session under way. */
    private final class Drive {

        private final GuardSession session;
        private final CompletableFuture<?> caller;
        private final CompletableFuture<Move> last = new CompletableFuture<>();
        private volatile @Nullable CompletableFuture<Void> pause;

        private Drive(GuardSession session, CompletableFuture<?> caller) {
            this.session = session;
            this.caller = caller;
        }

        private void take(Move move) {
            if (!Outside.happens(move)) {
                last.complete(move);
                return;
            }
            CompletionStage<Move> next = move instanceof Move.Pause pausing ? pausing(pausing) : asking(move);
            CompletionStage<Move> unused = next.whenComplete((following, bug) -> {
                if (bug == null) {
                    take(following);
                } else {
                    last.completeExceptionally(Stages.causeOf(bug));
                }
            });
        }

        private CompletionStage<Move> asking(Move move) {
            CompletionStage<?> asked;
            try {
                asked = Outside.askAsync(move);
            } catch (RuntimeException refused) {
                asked = CompletableFuture.failedStage(refused);
            }
            return asked.handle((answer, trouble) ->
                    trouble == null ? session.answered(answer) : session.failed(storeTrouble(trouble)));
        }

        private CompletionStage<Move> pausing(Move.Pause pausing) {
            if (caller.isDone()) {
                return CompletableFuture.completedFuture(session.abandoned());
            }
            CompletableFuture<Void> sleep = outside.pauseAsync(pausing);
            pause = sleep;
            if (caller.isDone()) {
                hurry();
            }
            return sleep.handle(
                    (slept, cut) -> cut == null && !caller.isDone() ? session.paused() : session.abandoned());
        }

        private void hurry() {
            CompletableFuture<Void> waiting = pause;
            if (waiting != null) {
                waiting.cancel(false);
            }
        }
    }
}
