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

/** The application's own guard: admits every call, and writes down its method, and where it comes from if it says so. */
record Tally(List<String> calls, List<Object> origins) implements GuardBinder {

    @Override
    public String kind() {
        return "lock";
    }

    @Override
    public @Nullable Guard bind(GuardedMethod method) {
        return method.annotations(Locked.class).isEmpty() ? null : new Counting(kind(), this);
    }

    private record Counting(String kind, Tally tally) implements Guard {

        @Override
        public GuardSession open(GuardedCall call) {
            tally.calls.add(call.method().method().getName());
            if (call.context() != null) {
                tally.origins.add(call.context());
            }
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
