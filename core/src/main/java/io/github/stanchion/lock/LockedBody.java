package io.github.stanchion.lock;

import io.github.stanchion.guard.CallScope;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.Outcome;
import io.github.stanchion.guard.Stages;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a body of the facade inside of its session. */
final class LockedBody {

    private LockedBody() {}

    static <T extends @Nullable Object> T call(LockEnvironment environment, LockSession session, Callable<T> body)
            throws Exception {
        Move entered = environment.driver().drive(session, session.begin());
        if (entered instanceof Move.Answer answer) {
            return answered(answer);
        }
        if (!(entered instanceof Move.Admit)) {
            throw Locks.error(entered);
        }
        if (!session.watchesOutcome()) {
            return body.call();
        }
        Lease lease = session.lease();
        T result;
        try {
            result = lease == null ? body.call() : scoped(lease, body);
        } catch (Throwable error) {
            Move left = leave(environment, session, new Outcome.Threw(error));
            if (left instanceof Move.Fail fail) {
                error.addSuppressed(fail.error());
            }
            throw error;
        }
        Move left = leave(environment, session, new Outcome.Returned(result));
        if (left instanceof Move.Fail fail) {
            throw fail.error();
        }
        return result;
    }

    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"
    }) // from a body, or through a codec, of this type
    private static <T extends @Nullable Object> T answered(Move.Answer answer) {
        return (T) answer.value();
    }

    private static <T extends @Nullable Object> T scoped(Lease lease, Callable<T> body) throws Exception {
        CallScope.enter(lease);
        try {
            return body.call();
        } finally {
            CallScope.leave(lease);
        }
    }

    private static Move leave(LockEnvironment environment, LockSession session, Outcome outcome) {
        return environment.driver().drive(session, session.left(outcome));
    }

    static <T> CompletableFuture<T> callAsync(
            LockEnvironment environment, LockSession session, Supplier<CompletionStage<T>> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<T> unused = environment
                .driver()
                .driveAsync(session, session.begin(), result)
                .thenCompose(entered -> result.isDone()
                        ? LockedBody.<T>unwanted(environment, session, entered)
                        : run(environment, session, entered, body))
                .whenComplete((value, trouble) -> {
                    if (trouble == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(Stages.causeOf(trouble));
                    }
                });
        return result;
    }

    /** The caller has cancelled: the body does not run, and what was taken for it goes back. */
    private static <T> CompletionStage<T> unwanted(LockEnvironment environment, LockSession session, Move entered) {
        CancellationException cancelled = new CancellationException("The caller has cancelled");
        return entered instanceof Move.Admit && session.watchesOutcome()
                ? environment
                        .driver()
                        .driveAsync(session, session.left(new Outcome.NotRun(cancelled)))
                        .thenCompose(left -> CompletableFuture.failedStage(cancelled))
                : CompletableFuture.failedStage(cancelled);
    }

    @SuppressWarnings("unchecked") // as above
    private static <T> CompletionStage<T> run(
            LockEnvironment environment, LockSession session, Move entered, Supplier<CompletionStage<T>> body) {
        if (entered instanceof Move.Answer answer) {
            return CompletableFuture.completedStage((T) answer.value());
        }
        if (!(entered instanceof Move.Admit)) {
            return CompletableFuture.failedStage(Locks.error(entered));
        }
        CompletionStage<T> stage;
        Lease lease = session.lease();
        try {
            stage = lease == null ? body.get() : scoped(lease, body::get);
        } catch (Exception error) {
            stage = CompletableFuture.failedStage(error);
        }
        if (!session.watchesOutcome()) {
            return stage;
        }
        CompletionStage<T> running = stage;
        session.stoppableBy(() -> running.toCompletableFuture().cancel(true));
        return running.handle((value, trouble) ->
                        trouble == null ? new Outcome.Returned(value) : new Outcome.Threw(Stages.causeOf(trouble)))
                .thenCompose(outcome -> environment
                        .driver()
                        .driveAsync(session, session.left(outcome))
                        .thenCompose(left -> ended(left, outcome)));
    }

    @SuppressWarnings("unchecked") // as above
    private static <T> CompletionStage<T> ended(Move left, Outcome outcome) {
        if (outcome instanceof Outcome.Threw threw) {
            if (left instanceof Move.Fail fail) {
                threw.error().addSuppressed(fail.error());
            }
            return CompletableFuture.failedStage(threw.error());
        }
        return left instanceof Move.Fail fail
                ? CompletableFuture.failedStage(fail.error())
                : CompletableFuture.completedStage((T) ((Outcome.Returned) outcome).value());
    }
}
