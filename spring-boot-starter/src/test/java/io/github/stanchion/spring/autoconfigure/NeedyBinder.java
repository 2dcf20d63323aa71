package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardBinder;
import io.github.stanchion.guard.GuardSession;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.spring.weave.Noted;
import io.github.stanchion.store.Capability;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes guards that need something of their store, and that nobody calls. */
final class NeedyBinder implements GuardBinder {

    private final Capability need;

    NeedyBinder(Capability need) {
        this.need = need;
    }

    @Override
    public String kind() {
        return "lock";
    }

    @Override
    public @Nullable Guard bind(GuardedMethod method) {
        return method.annotations(Noted.class).isEmpty() ? null : new Needing();
    }

    private final class Needing implements Guard {

        @Override
        public String kind() {
            return "lock";
        }

        @Override
        public Set<Capability> needs() {
            return Set.of(need);
        }

        @Override
        public GuardSession open(GuardedCall call) {
            throw new IllegalStateException("Nobody calls");
        }
    }

    /** Has such a guard. */
    public static class Needy {

        @Noted
        public void call() {}
    }
}
