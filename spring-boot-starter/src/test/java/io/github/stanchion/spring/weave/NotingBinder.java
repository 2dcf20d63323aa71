package io.github.stanchion.spring.weave;

import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardBinder;
import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.guard.GuardSession;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.Outcome;
import io.github.stanchion.store.StoreException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Makes guards that note what they see, wait if told to, and refuse if told to. */
public final class NotingBinder implements GuardBinder {

    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final List<Object> contexts = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;
    private volatile long pauseMicros;
    private volatile @Nullable Fallback fallback;

    public List<String> notes() {
        return notes;
    }

    public List<Object> contexts() {
        return contexts;
    }

    public void refuse() {
        refusing = true;
    }

    public void pause(long micros) {
        pauseMicros = micros;
    }

    public void fallBack(Fallback to) {
        fallback = to;
    }

    @Override
    public String kind() {
        return "lock";
    }

    @Override
    public @Nullable Guard bind(GuardedMethod method) {
        List<Noted> annotations = method.annotations(Noted.class);
        if (annotations.isEmpty()) {
            return null;
        }
        String names = String.join("+", annotations.stream().map(Noted::value).toList());
        return new Guard() {
            @Override
            public String kind() {
                return "lock";
            }

            @Override
            public GuardSession open(GuardedCall call) {
                if (call.context() != null) {
                    contexts.add(call.context());
                }
                return new Session(names);
            }

            @Override
            public @Nullable Fallback fallbackFor(Throwable failure) {
                return fallback;
            }
        };
    }

    /** Refuses; has no trace. */
    public static final class Refused extends GuardRejectedException {

        private static final long serialVersionUID = 1L;

        Refused(String name) {
            super("Refused", "lock", name, null);
        }
    }

    private final class Session implements GuardSession {

        private final String name;

        Session(String name) {
            this.name = name;
        }

        @Override
        public Move begin() {
            notes.add("enter " + name);
            return pauseMicros > 0 ? new Move.Pause(pauseMicros) : decide();
        }

        private Move decide() {
            return refusing ? new Move.Reject(new Refused(name)) : Move.admit();
        }

        @Override
        public Move paused() {
            return decide();
        }

        @Override
        public Move abandoned() {
            notes.add("abandoned " + name);
            return new Move.Reject(new Refused(name));
        }

        @Override
        public Move answered(Object answer) {
            throw new IllegalStateException();
        }

        @Override
        public Move failed(StoreException trouble) {
            throw new IllegalStateException();
        }

        @Override
        public boolean watchesOutcome() {
            return true;
        }

        @Override
        public Move left(Outcome outcome) {
            notes.add("left " + name + " " + describe(outcome));
            return Move.admit();
        }

        private static String describe(Outcome outcome) {
            if (outcome instanceof Outcome.Returned returned) {
                return "returned " + returned.value();
            }
            return outcome instanceof Outcome.Threw threw
                    ? "threw " + threw.error().getMessage()
                    : outcome.getClass().getSimpleName();
        }
    }
}
