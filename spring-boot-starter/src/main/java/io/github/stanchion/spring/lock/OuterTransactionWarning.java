package io.github.stanchion.spring.lock;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.lock.LockEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Warns of locks that are taken inside of transactions, each once. Thread-safe; as many entries as there are such locks. */
public final class OuterTransactionWarning implements GuardListener {

    private static final Logger LOG = System.getLogger(OuterTransactionWarning.class.getName());

    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    @Override
    public void onEvent(GuardEvent event) {
        if (event instanceof LockEvent.Deferred deferred && warned.add(deferred.name())) {
            LOG.log(
                    Level.WARNING,
                    () -> "Lock '" + deferred.name() + "' was taken in a transaction, and is held until that is over;"
                            + " take it before the transaction begins, or set tx to ignore if it may be free before the"
                            + " commit, or to forbid");
        }
    }

    @Override
    public boolean hearsCalls() {
        return false;
    }
}
