package io.github.stanchion.guard;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives a {@link Passage} without blocking a thread and without recursion: moves that are done at once are followed in a
 * loop, others by the thread that completes them.
 *
 * <p>One move is under way at a time, and each hands the passage on to the next, so that the passage itself needs no lock.
 */
final class AsyncPassage implements Admission.Admitted {

    private final Passage passage;
    private final GuardedCall call;
    private final Outside outside;
    private final CallScope caller = CallScope.current();
    private final CompletableFuture<Admission> entering = new CompletableFuture<>();
    private final CompletableFuture<Ended> leaving = new CompletableFuture<>();
    private final AtomicBoolean left = new AtomicBoolean();

    private volatile @Nullable CallScope scope;
    private volatile boolean cancelled;
    private volatile @Nullable CompletableFuture<?> pause;

    AsyncPassage(GuardPlan plan, GuardedCall call, Outside outside) {
        this.passage = new Passage(plan, call);
        this.call = call;
        this.outside = outside;
    }

    CompletableFuture<Admission> enter() {
        drive(passage.enter());
        if (!entering.isDone()) {
            CompletableFuture<Admission> unused = entering.whenComplete((admission, trouble) -> {
                if (entering.isCancelled()) {
                    cancel();
                }
            });
        }
        return entering;
    }

    @Override
    public @Nullable Object proceed() throws Throwable {
        return scope().proceed(call, caller);
    }

    @Override
    public CallScope scope() {
        CallScope known = scope;
        if (known == null) {
            known = passage.scope(caller);
            scope = known;
        }
        return known;
    }

    @Override
    public boolean isScoped() {
        return scope() != caller;
    }

    @Override
    public void stoppableBy(Runnable stop) {
        passage.stoppableBy(stop);
    }

    @Override
    public CompletionStage<Ended> leave(Outcome outcome) {
        if (!left.compareAndSet(false, true)) {
            throw new IllegalStateException("This call has been left already; leave it once");
        }
        drive(passage.leave(outcome));
        return leaving;
    }

    private void cancel() {
        cancelled = true;
        CompletableFuture<?> waiting = pause;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    private void drive(@Nullable Move first) {
        Move move = first;
        while (true) {
            while (move != null) {
                Reply reply = new Reply(move);
                if (!reply.isHereAlready()) {
                    return;
                }
                move = reply.next();
            }
            if (!passage.isEntering()) {
                Ended ended = passage.ended();
                // Whichever half is not under way is done or nobody's: completing it changes nothing.
                entering.complete(ended);
                leaving.complete(ended);
                return;
            }
            if (entering.complete(this)) {
                return;
            }
            left.set(true);
            move = passage.leave(new Outcome.NotRun(new CancellationException("The caller has cancelled")));
        }
    }

    private CompletionStage<?> begin(Move move) {
        if (!(move instanceof Move.Pause pausing)) {
            return Outside.askAsync(move);
        }
        boolean mayGiveUp = passage.isEntering();
        if (mayGiveUp && cancelled) {
            return CompletableFuture.failedFuture(new CancellationException("The caller has cancelled"));
        }
        CompletableFuture<Void> sleep = outside.pauseAsync(pausing);
        if (mayGiveUp) {
            pause = sleep;
            if (cancelled) {
                cancel();
            }
        }
        return sleep;
    }

    /** The end of one move: whoever comes second, it or the loop that began the move, goes on. */
    private final class Reply implements BiConsumer<@Nullable Object, @Nullable Throwable> {

        private final Move move;
        private final AtomicBoolean oneCame = new AtomicBoolean();
        private @Nullable Object answer;
        private @Nullable Throwable trouble;

        Reply(Move move) {
            this.move = move;
        }

        boolean isHereAlready() {
            try {
                CompletionStage<?> unused = begin(move).whenComplete(this);
            } catch (RuntimeException | Error thrown) {
                trouble = thrown;
                return true;
            }
            return !oneCame.compareAndSet(false, true);
        }

        @Override
        public void accept(@Nullable Object value, @Nullable Throwable error) {
            answer = value;
            trouble = error;
            if (!oneCame.compareAndSet(false, true)) {
                // Guards that decide on this thread see what the caller holds, not what this thread does.
                caller.run(() -> drive(next()));
            }
        }

        @Nullable
        Move next() {
            if (move instanceof Move.Pause) {
                pause = null;
                boolean cut = trouble != null || (cancelled && passage.isEntering());
                return cut ? passage.abandoned() : passage.paused();
            }
            Object value = answer;
            if (trouble != null) {
                return passage.failed(Stages.causeOf(trouble));
            }
            return value == null
                    ? passage.failed(new NullPointerException("The store has answered null"))
                    : passage.answered(value);
        }
    }
}
