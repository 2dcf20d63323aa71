package io.github.stanchion.spring.store;

import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.store.Capability;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/** What the guards of an application need of its store. Thread-safe. */
public final class StoreNeeds {

    private final Set<Need> needs = new CopyOnWriteArraySet<>();
    private volatile boolean guarded;

    private record Need(String guard, Capability capability) {}

    /** Takes down what the guards of a method need. */
    public void add(GuardPlan plan) {
        guarded = true;
        for (Guard guard : plan.guards()) {
            for (Capability capability : guard.needs()) {
                needs.add(new Need(
                        "Guard '" + guard.kind() + "' of " + plan.method().displayName(), capability));
            }
        }
    }

    /** Whether there is a guarded method. */
    public boolean isGuarded() {
        return guarded;
    }

    /**
     * Sees whether a store has what is needed.
     *
     * @param store its name
     * @param cure what to do if it has not
     * @throws GuardConfigurationException that names a guard and what it misses
     */
    public void require(Set<Capability> offered, String store, String cure) {
        for (Need need : needs) {
            if (!offered.contains(need.capability())) {
                throw new GuardConfigurationException(
                        need.guard() + " needs a store that " + inWords(need.capability()) + ", and store '" + store
                                + "' is none",
                        cure);
            }
        }
    }

    private static String inWords(Capability capability) {
        return switch (capability) {
            case SHARED -> "is shared by all processes";
            case STORE_CLOCK -> "has a clock of its own";
            case STEADY_CLOCK -> "has a clock that never goes back";
            case RETAINS -> "retains its state";
            case DURABLE -> "keeps its state over a restart";
            case FENCING -> "makes tokens that rise for ever";
            case JOINT -> "decides over several keys at once";
            case SIGNALS -> "pushes signals";
            case SCAN -> "lists its keys";
        };
    }
}
