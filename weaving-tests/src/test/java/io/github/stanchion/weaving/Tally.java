package io.github.stanchion.weaving;

import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardBinder;
import io.github.stanchion.guard.GuardSession;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.Move;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.weaving.app.Locked;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The application's own guard: admits every call and writes it down. */
record Tally(List<String> calls) implements GuardBinder {

    @Override
    public String kind() {
        return "lock";
    }

    @Override
    public @Nullable Guard bind(GuardedMethod method) {
        return method.annotations(Locked.class).isEmpty() ? null : new Counting(kind(), calls);
    }

    private record Counting(String kind, List<String> calls) implements Guard {

        @Override
        public GuardSession open(GuardedCall call) {
            calls.add(call.method().method().getName());
            return new Waiting();
        }
    }

    /** Waits a moment, so that what returns later is proceeded with on another thread. */
    private static final class Waiting implements GuardSession {

        @Override
        public Move begin() {
            return new Move.Pause(100);
        }

        @Override
        public Move paused() {
            return Move.admit();
        }

        @Override
        public Move answered(Object answer) {
            throw new IllegalStateException("Nothing was asked");
        }

        @Override
        public Move failed(StoreException trouble) {
            throw new IllegalStateException("Nothing was asked");
        }
    }
}
