package io.github.stanchion.guard;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/** All listeners as one that cannot hurt a call; thread-safe. */
public final class GuardListeners {

    private static final Logger LOG = System.getLogger(GuardListeners.class.getName());

    private final GuardListener[] listeners;

    public GuardListeners(List<GuardListener> listeners) {
        this.listeners = listeners.toArray(GuardListener[]::new);
    }

    /** Nobody listens. */
    public static GuardListeners none() {
        return new GuardListeners(List.of());
    }

    /** Whether an event would be heard; ask before making one on a hot path. */
    public boolean isEmpty() {
        return listeners.length == 0;
    }

    public void tell(GuardEvent event) {
        for (GuardListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException | LinkageError trouble) {
                LOG.log(
                        Level.WARNING,
                        () -> "Guard listener " + listener.getClass().getName() + " failed",
                        trouble);
            }
        }
    }
}
