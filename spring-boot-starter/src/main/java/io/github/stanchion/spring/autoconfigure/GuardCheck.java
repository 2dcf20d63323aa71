package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardedMethod;

/** What the doctor looks for besides what every kind of guard needs. */
interface GuardCheck {

    /** Called for each guarded method. */
    default void method(GuardedMethod method) {}

    /** Called when all methods are known. */
    default void all() {}
}
