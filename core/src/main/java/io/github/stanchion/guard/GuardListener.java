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
}
