package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardPlan;

/** What the doctor looks for besides what every kind of guard needs. */
interface GuardCheck {

    /** Called for each guarded method. */
    default void guarded(GuardPlan plan) {}

    /** Called when all methods are known. */
    default void all() {}
}
