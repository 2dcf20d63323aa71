package io.github.stanchion.spring.metrics;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

/**
 * Marks refusals in the observation that is current on the call's thread, as in the span of its request: event
 * {@code stanchion.rejected}, with the policy's name and never a key. No observation of its own: a check takes microseconds.
 */
public final class GuardObservations implements GuardListener {

    private final ObservationRegistry registry;

    public GuardObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void onEvent(GuardEvent event) {
        if (event.rejection() != null) {
            Observation current = registry.getCurrentObservation();
            if (current != null) {
                current.event(Observation.Event.of(
                        "stanchion.rejected", "stanchion.rejected by " + event.kind() + " '" + event.name() + "'"));
            }
        }
    }

    @Override
    public boolean hearsCalls() {
        return false;
    }

    @Override
    public boolean hearsRejections() {
        return true;
    }
}
