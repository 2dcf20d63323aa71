package io.github.stanchion.guard;

import io.github.stanchion.store.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call's way through its guards and back, as a machine that does nothing itself: each method runs sessions until
 * something has to happen outside, returns that move, and is told how it went by the next method.
 *
 * <p>Guards judge the method, not its substitute: however a failure is answered in the end, guards further out see how the
 * method ended, or that it never ran. The fallback of the innermost guard that has one for the failure is found on the way
 * back, after that guard's session has ended, and is for the caller to run when all guards have been left.
 *
 * <p>Used by one thread at a time. Nothing here throws: what sessions throw becomes the call's failure.
 */
final class Passage {

    private final List<Guard> guards;
    private final GuardedCall call;
    private final @Nullable GuardSession[] watching;

    private int index = -1;
    private @Nullable GuardSession session;
    private @Nullable Outcome outcome;
    private boolean fallbacksApply;
    private @Nullable Fallback fallback;

    Passage(GuardPlan plan, GuardedCall call) {
        this.guards = plan.guards();
        this.call = call;
        this.watching = new GuardSession[guards.size()];
    }

    /** Begins with the outermost guard; null once all have admitted, or one has refused and the outer ones know. */
    @Nullable
    Move enter() {
        return take(this::nextIn);
    }

    /** As {@link #enter}, where the outermost guard has already come to its last move. */
    @Nullable
    Move enterFrom(GuardSession first, Move verdict) {
        index = 0;
        session = first;
        return take(() -> verdict);
    }

    @Nullable
    Move answered(Object answer) {
        return take(() -> current().answered(answer));
    }

    /** The store has failed, or something else has where the store was asked. */
    @Nullable
    Move failed(Throwable trouble) {
        return trouble instanceof StoreException store
                ? take(() -> current().failed(store))
                : take(() -> broken(trouble));
    }

    @Nullable
    Move paused() {
        return take(() -> current().paused());
    }

    @Nullable
    Move abandoned() {
        return take(() -> current().abandoned());
    }

    /** What the body runs in, once all guards have admitted. */
    CallScope scope(CallScope caller) {
        CallScope scope = caller;
        for (GuardSession admitted : watching) {
            scope = admitted == null ? scope : admitted.scope(scope);
        }
        return scope;
    }

    /** The body goes on, and can be made to end early. */
    void stoppableBy(Runnable stop) {
        for (GuardSession admitted : watching) {
            if (admitted != null) {
                admitted.stoppableBy(stop);
            }
        }
    }

    /** Begins the way back from a call that all guards have admitted; null once all of them have been left. */
    @Nullable
    Move leave(Outcome end) {
        index = guards.size();
        outcome = end;
        fallbacksApply = true;
        return take(this::nextOut);
    }

    /** Whether the guards are still being entered; with no moves left: whether all of them have admitted. */
    boolean isEntering() {
        return outcome == null;
    }

    /** What has become of the call, once it is over and no moves are left. */
    Admission.Ended ended() {
        return new Admission.Ended(outcome(), fallback);
    }

    private GuardSession current() {
        if (session == null) {
            throw new IllegalStateException("No guard has begun");
        }
        return session;
    }

    /** Goes on from this step until a move must happen outside, or none is left. */
    private @Nullable Move take(Step step) {
        Step next = step;
        while (true) {
            try {
                Move move = next.take();
                while (move != null && !Outside.happens(move)) {
                    move = outcome == null ? entered(move) : left(move);
                }
                return move;
            } catch (RuntimeException | Error trouble) {
                next = () -> broken(trouble);
            }
        }
    }

    private @Nullable Move nextIn() {
        index++;
        if (index == guards.size()) {
            return null;
        }
        session = guards.get(index).open(call);
        return session.begin();
    }

    private @Nullable Move nextOut() {
        while (--index >= 0) {
            session = watching[index];
            if (session != null) {
                return session.left(outcome());
            }
            seekFallback();
        }
        return null;
    }

    private @Nullable Move entered(Move verdict) {
        if (verdict instanceof Move.Admit) {
            if (current().watchesOutcome()) {
                watching[index] = session;
            }
            return nextIn();
        }
        if (verdict instanceof Move.Answer answer) {
            outcome = new Outcome.Returned(answer.value());
        } else if (verdict instanceof Move.Reject reject) {
            outcome = new Outcome.NotRun(reject.rejection());
            fallbacksApply = true;
            seekFallback();
        } else if (verdict instanceof Move.Fail fail) {
            outcome = new Outcome.NotRun(fail.error());
        }
        return nextOut();
    }

    private @Nullable Move left(Move verdict) {
        if (verdict instanceof Move.Reject reject) {
            absorb(reject.rejection(), true);
        } else if (verdict instanceof Move.Fail fail) {
            absorb(fail.error(), false);
        }
        seekFallback();
        return nextOut();
    }

    private @Nullable Move broken(Throwable trouble) {
        if (outcome == null) {
            outcome = new Outcome.NotRun(trouble);
        } else {
            absorb(trouble, false);
        }
        return nextOut();
    }

    /** An error on the way back replaces a value; the error of the method itself stays, and carries it. */
    private void absorb(Throwable error, boolean answerable) {
        if (outcome instanceof Outcome.Returned) {
            outcome = new Outcome.Threw(error);
            fallbacksApply = answerable;
            return;
        }
        Throwable failure = Admission.Ended.failureOf(outcome());
        if (failure != null && failure != error) {
            failure.addSuppressed(error);
        }
    }

    private void seekFallback() {
        Throwable failure = Admission.Ended.failureOf(outcome());
        if (failure != null && fallbacksApply && fallback == null) {
            fallback = guards.get(index).fallbackFor(failure);
        }
    }

    private Outcome outcome() {
        if (outcome == null) {
            throw new IllegalStateException("The call is not over");
        }
        return outcome;
    }

    /** Something that a session or guard is asked. */
    private interface Step {
        @Nullable
        Move take();
    }
}
