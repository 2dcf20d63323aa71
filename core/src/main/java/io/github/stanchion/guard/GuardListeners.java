package io.github.stanchion.guard;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/** All listeners as one that cannot hurt a call; thread-safe. */
public final class GuardListeners {

    private static final Logger LOG = System.getLogger(GuardListeners.class.getName());

    private final GuardListener[] listeners;
    private final boolean hearingCalls;
    private final boolean hearingRejections;

    public GuardListeners(List<GuardListener> listeners) {
        this.listeners = listeners.toArray(GuardListener[]::new);
        this.hearingCalls = listeners.stream().anyMatch(GuardListener::hearsCalls);
        this.hearingRejections = listeners.stream().anyMatch(GuardListener::hearsRejections);
    }

    /** Nobody listens. */
    public static GuardListeners none() {
        return new GuardListeners(List.of());
    }

    /** Whether nobody wants events of single calls; ask before making one on a hot path. */
    public boolean isEmpty() {
        return !hearingCalls;
    }

    /** Whether somebody wants events of calls that are refused. */
    public boolean hearRejections() {
        return hearingRejections;
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
