package io.github.stanchion.guard;

/**
 * Hears what guards decide, to count, trace or audit it.
 *
 * <p>Called on the thread of the call, before the method runs or the rejection reaches the caller: be quick, and do not
 * block. What a listener throws is logged and hurts nobody.
 */
@FunctionalInterface
public interface GuardListener {

    void onEvent(GuardEvent event);

    /**
     * Whether this listener wants events of single calls too; if nobody does, they are not even made. Events of changes,
     * such as a store that goes away, come in any case. Asked once.
     */
    default boolean hearsCalls() {
        return true;
    }

    /** Whether this listener wants events of calls that are refused, if not of all: calls that go on pay nothing then. */
    default boolean hearsRejections() {
        return hearsCalls();
    }
}
