package io.github.stanchion.guard;

import io.github.stanchion.store.StoreException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A guard that follows a script and writes down what it is told. */
final class ScriptedGuard implements Guard {

    private final String name;
    private final List<String> log;
    private Supplier<Move> begin = Move::admit;
    private Function<Object, Move> answered = answer -> Move.admit();
    private Supplier<Move> paused = Move::admit;
    private Supplier<Move> abandoned = () -> new Move.Reject(new Refused("abandoned"));
    private Function<StoreException, Move> failed = Move.Fail::new;
    private @Nullable Function<Outcome, Move> left;
    private CallScope.@Nullable Held held;
    private @Nullable Runnable stop;
    private Function<Throwable, @Nullable Fallback> fallback = failure -> null;

    ScriptedGuard(String name, List<String> log) {
        this.name = name;
        this.log = log;
    }

    ScriptedGuard begin(Supplier<Move> move) {
        begin = move;
        return this;
    }

    ScriptedGuard answered(Function<Object, Move> move) {
        answered = move;
        return this;
    }

    ScriptedGuard failed(Function<StoreException, Move> move) {
        failed = move;
        return this;
    }

    ScriptedGuard paused(Supplier<Move> move) {
        paused = move;
        return this;
    }

    ScriptedGuard abandoned(Supplier<Move> move) {
        abandoned = move;
        return this;
    }

    /** Makes the body run with this in its scope. */
    ScriptedGuard holding(CallScope.Held what) {
        held = what;
        return watching();
    }

    /** What the adapter has said can stop the body. */
    @Nullable
    Runnable stop() {
        return stop;
    }

    /** Makes the guard watch the outcome. */
    ScriptedGuard left(Function<Outcome, Move> move) {
        left = move;
        return this;
    }

    ScriptedGuard watching() {
        return left(outcome -> Move.admit());
    }

    ScriptedGuard fallback(Function<Throwable, @Nullable Fallback> answer) {
        fallback = answer;
        return this;
    }

    @Override
    public String kind() {
        return name;
    }

    @Override
    public @Nullable Fallback fallbackFor(Throwable failure) {
        return fallback.apply(failure);
    }

    @Override
    public GuardSession open(GuardedCall call) {
        return new Session();
    }

    private final class Session implements GuardSession {

        @Override
        public Move begin() {
            log.add(name + " begins");
            return begin.get();
        }

        @Override
        public Move answered(Object answer) {
            return answered.apply(answer);
        }

        @Override
        public Move failed(StoreException trouble) {
            return failed.apply(trouble);
        }

        @Override
        public Move paused() {
            log.add(name + " has paused");
            return paused.get();
        }

        @Override
        public Move abandoned() {
            log.add(name + " abandoned");
            return abandoned.get();
        }

        @Override
        public boolean watchesOutcome() {
            return left != null;
        }

        @Override
        public CallScope scope(CallScope outer) {
            return held == null ? outer : outer.with(held);
        }

        @Override
        public void stoppableBy(Runnable how) {
            stop = how;
        }

        @Override
        public Move left(Outcome outcome) {
            log.add(name + " left: " + text(outcome));
            return left.apply(outcome);
        }

        private static String text(Outcome outcome) {
            if (outcome instanceof Outcome.Returned returned) {
                return "returned " + returned.value();
            }
            if (outcome instanceof Outcome.Threw threw) {
                return "threw " + threw.error().getMessage();
            }
            return outcome instanceof Outcome.NotRun notRun
                    ? "not run, " + notRun.reason().getMessage()
                    : "cancelled";
        }
    }

    /** A refusal. */
    static final class Refused extends GuardRejectedException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, "test", "test", null);
        }
    }
}
