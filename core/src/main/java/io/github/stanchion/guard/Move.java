package io.github.stanchion.guard;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a {@link GuardSession} wants to happen next. */
public sealed interface Move {

    /** Go on: to the next guard, or after {@link GuardSession#left} to the caller. */
    static Move admit() {
        return Admit.INSTANCE;
    }

    /** The call may go on. */
    final class Admit implements Move {
        private static final Admit INSTANCE = new Admit();

        private Admit() {}
    }

    /** Asks for one operation on one key. */
    static Ask ask(AtomicStore store, StoreKey key, Operation<?> operation) {
        return new PlainAsk(store, key, operation);
    }

    /**
     * One operation on one key; its result goes to {@link GuardSession#answered}.
     *
     * <p>What it says holds until then: a session may be its own question, and spare the call an object.
     */
    non-sealed interface Ask extends Move {

        AtomicStore store();

        StoreKey key();

        Operation<?> operation();
    }

    /** One joint decision. */
    record AskAll(AtomicStore store, List<KeyedOperation<?>> steps) implements Move {

        public AskAll {
            steps = List.copyOf(steps);
        }
    }

    /** Independent steps in one trip. */
    record AskEach(AtomicStore store, List<KeyedOperation<?>> steps) implements Move {

        public AskEach {
            steps = List.copyOf(steps);
        }
    }

    /**
     * Let so much time pass; then {@link GuardSession#paused}, or {@link GuardSession#abandoned}.
     *
     * @param wakeUp ends the pause early when it completes, however it does; null if nothing can
     */
    record Pause(long micros, @Nullable CompletableFuture<?> wakeUp) implements Move {

        /** A pause that nothing ends early. */
        public Pause(long micros) {
            this(micros, null);
        }
    }

    /** The call is answered by this value instead of by the method, which does not run; guards further out see it returned. */
    record Answer(@Nullable Object value) implements Move {}

    /** The call is refused: the guard's own fallback may answer instead. */
    record Reject(RuntimeException rejection) implements Move {}

    /** The call fails with this error; fallbacks for rejections do not apply. */
    record Fail(RuntimeException error) implements Move {}
}
