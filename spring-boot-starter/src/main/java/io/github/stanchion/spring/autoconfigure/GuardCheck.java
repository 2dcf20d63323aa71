package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardPlan;
import java.util.function.Consumer;

/** What the doctor looks for besides what every kind of guard needs. */
interface GuardCheck {

    /** Called for each guarded method; {@code warnings} takes what works but hardly as meant. */
    default void guarded(GuardPlan plan, Consumer<String> warnings) {}

    /** Called when all methods are known; {@code warnings} as above. */
    default void all(Consumer<String> warnings) {}
}
