package io.github.stanchion.lock;

import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardSession;
import io.github.stanchion.guard.GuardedCall;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Guards the calls of one method with its lock. Thread-safe. */
public final class LockGuard implements Guard {

    /** The kind of this guard. */
    public static final String KIND = "lock";

    private final LockEnvironment environment;
    private final BoundLock lock;

    LockGuard(LockEnvironment environment, BoundLock lock) {
        this.environment = environment;
        this.lock = lock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public GuardSession open(GuardedCall call) {
        return lock.calls().open(environment, call);
    }

    @Override
    public @Nullable Fallback fallbackFor(Throwable failure) {
        return lock.calls().answerTo(failure);
    }

    /** The policy of the moment. */
    public LockPolicy policy() {
        return Objects.requireNonNull(lock.calls().policy());
    }
}
