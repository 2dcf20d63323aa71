package io.github.stanchion.lock;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which locks' store is away, told once each way. Thread-safe. */
final class LockOutages {

    private static final Logger LOG = System.getLogger(LockOutages.class.getName());

    private final GuardListeners listeners;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    LockOutages(GuardListeners listeners) {
        this.listeners = listeners;
    }

    void begun(String name, FailurePolicy answer, StoreException trouble) {
        if (names.add(name)) {
            LOG.log(
                    Level.WARNING,
                    () -> "Store of lock '" + name + "' failed; " + answer + " until it is back",
                    trouble);
            listeners.tell(new LockEvent.Degraded(name, answer, trouble));
        }
    }

    void over(String name) {
        if (!names.isEmpty() && names.remove(name)) {
            LOG.log(Level.INFO, () -> "Store of lock '" + name + "' is back");
            listeners.tell(new LockEvent.Recovered(name));
        }
    }

    void forget() {
        names.clear();
    }

    boolean isDegraded(String name) {
        return names.contains(name);
    }
}
