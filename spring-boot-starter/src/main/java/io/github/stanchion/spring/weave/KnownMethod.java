package io.github.stanchion.spring.weave;

import io.github.stanchion.guard.GuardPlan;
import org.jspecify.annotations.Nullable;

/** What is known of a method on objects of one class; the next one is for another class that inherits the method. */
final class KnownMethod {

    final Class<?> type;

    /** Null if no guard of this interceptor is on the method. */
    final @Nullable GuardPlan plan;

    /** Whether the method's body is woven too and must not guard the call again. */
    final boolean marked;

    final @Nullable KnownMethod next;

    KnownMethod(Class<?> type, @Nullable GuardPlan plan, boolean marked, @Nullable KnownMethod next) {
        this.type = type;
        this.plan = plan;
        this.marked = marked;
        this.next = next;
    }
}
