package io.github.stanchion.guard;

import io.github.stanchion.store.StoreException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the moves of a call's guards around the call: the only place that asks stores and waits.
 *
 * <p>Thread-safe. Guards are entered outermost first and left in reverse. Where one refuses, fails or throws, those further
 * out are left as {@link Outcome.NotRun} and the method does not run. An error of the way back replaces a value; an error of
 * the method stays and carries it as suppressed. A {@link Move.Reject} and a failure of the method are answered by the
 * fallback of the innermost guard that has one for it, once all guards have been left; guards see the failure all the same.
 *
 * <p>{@link #execute} blocks for methods with ordinary results, on the caller's thread. Results that come later go through
 * the plan's {@link ResultAdapter} and {@link #enterAsync}, where no thread is ever blocked.
 */
public final class GuardExecutor {

    private final Outside outside;

    public GuardExecutor(Sleeper sleeper) {
        this.outside = new Outside(sleeper);
    }

    /**
     * Runs the call behind its guards.
     *
     * <p>Interrupted while it waits, the guard that waits gives back what it has taken and decides how the call fails; the
     * thread's interrupt flag is set again.
     *
     * @return what the method or a fallback returns; of asynchronous methods a stage or publisher, rejections included
     * @throws Throwable what the method or a fallback throws, or a guard's rejection
     */
    public @Nullable Object execute(GuardPlan plan, GuardedCall call) throws Throwable {
        ResultAdapter adapter = plan.adapter();
        if (adapter != null) {
            return adapter.adapt(this, plan, call);
        }
        return plan.guards().size() == 1 ? executeOne(plan, plan.guards().get(0), call) : executeAll(plan, call);
    }

    /**
     * Enters the guards without blocking, for results that come later.
     *
     * <p>Cancelling the future while guards decide or wait makes them give up what they have taken; the body must not run
     * then. If it cannot be cancelled any more, it holds an {@link Admission}, and an admitted one must be left. The future
     * may complete on a thread of the store. It completes exceptionally by cancellation alone.
     */
    public CompletableFuture<Admission> enterAsync(GuardPlan plan, GuardedCall call) {
        return new AsyncPassage(plan, call, outside).enter();
    }

    /** The common call, one guard that asks once and admits or rejects: makes no objects beyond the session's own. */
    private @Nullable Object executeOne(GuardPlan plan, Guard guard, GuardedCall call) throws Throwable {
        GuardSession session = guard.open(call);
        Move move = session.begin();
        if (move instanceof Move.Ask ask) {
            move = askOnce(session, ask);
        }
        if (move instanceof Move.Reject reject) {
            return answer(guard, call, reject.rejection());
        }
        if (!(move instanceof Move.Admit) || session.watchesOutcome()) {
            Passage passage = new Passage(plan, call);
            drive(passage, passage.enterFrom(session, move));
            return proceed(passage, call);
        }
        try {
            return call.proceed();
        } catch (Throwable failure) {
            return answer(guard, call, failure);
        }
    }

    private static @Nullable Object answer(Guard guard, GuardedCall call, Throwable failure) throws Throwable {
        Fallback fallback;
        try {
            fallback = guard.fallbackFor(failure);
        } catch (RuntimeException | Error trouble) {
            failure.addSuppressed(trouble);
            throw failure;
        }
        if (fallback == null) {
            throw failure;
        }
        return fallback.answer(call, failure);
    }

    private static Move askOnce(GuardSession session, Move.Ask ask) {
        Object answer;
        try {
            answer = ask.store().execute(ask.key(), ask.operation());
        } catch (StoreException trouble) {
            return session.failed(trouble);
        }
        return session.answered(answer);
    }

    private @Nullable Object executeAll(GuardPlan plan, GuardedCall call) throws Throwable {
        Passage passage = new Passage(plan, call);
        drive(passage, passage.enter());
        return proceed(passage, call);
    }

    private @Nullable Object proceed(Passage passage, GuardedCall call) throws Throwable {
        if (passage.isEntering()) {
            Outcome outcome;
            try {
                outcome = new Outcome.Returned(inScope(passage, call));
            } catch (Throwable error) {
                outcome = new Outcome.Threw(error);
            }
            drive(passage, passage.leave(outcome));
        }
        return conclude(passage.ended(), call);
    }

    private static @Nullable Object inScope(Passage passage, GuardedCall call) throws Throwable {
        CallScope caller = CallScope.current();
        CallScope scope = passage.scope(caller);
        return scope == caller ? call.proceed() : scope.proceed(call, caller);
    }

    private static @Nullable Object conclude(Admission.Ended ended, GuardedCall call) throws Throwable {
        Throwable failure = ended.failure();
        Fallback fallback = ended.fallback();
        if (failure == null) {
            return ((Outcome.Returned) ended.outcome()).value();
        }
        if (fallback == null) {
            throw failure;
        }
        return fallback.answer(call, failure);
    }

    /** Carries out moves on this thread until there are none left. */
    private void drive(Passage passage, @Nullable Move first) {
        boolean interrupted = false;
        try {
            Move move = first;
            while (move != null) {
                if (move instanceof Move.Pause pause) {
                    // Once interrupted, nothing waits any more; the flag stays off so that stores can still be asked.
                    interrupted = interrupted || !outside.pause(pause);
                    move = interrupted ? passage.abandoned() : passage.paused();
                } else {
                    move = ask(passage, move);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static @Nullable Move ask(Passage passage, Move move) {
        Object answer;
        try {
            answer = Outside.ask(move);
        } catch (RuntimeException | Error trouble) {
            return passage.failed(trouble);
        }
        return passage.answered(answer);
    }
}
