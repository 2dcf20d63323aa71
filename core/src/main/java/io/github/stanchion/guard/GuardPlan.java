package io.github.stanchion.guard;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The guards of one method, outermost first.
 *
 * @param guards at least one
 * @param adapter guards results that come later; null if calls are guarded while they run
 */
public record GuardPlan(GuardedMethod method, List<Guard> guards, @Nullable ResultAdapter adapter) {

    public GuardPlan {
        guards = List.copyOf(guards);
        if (guards.isEmpty()) {
            throw new IllegalArgumentException(
                    "Plan of '" + method.displayName() + "' has no guards; make no plan for such a method");
        }
    }

    /** A plan for a method whose result is no publisher. */
    public GuardPlan(GuardedMethod method, List<Guard> guards) {
        this(method, guards, adapterFor(method, List.of()));
    }

    /**
     * The plan, with the first adapter that supports the method.
     *
     * @throws GuardConfigurationException if the method declares a stage of a class that only it can make, or suspends and no
     *     adapter can wait for it
     */
    public static GuardPlan of(GuardedMethod method, List<Guard> guards, List<ResultAdapter> adapters) {
        return new GuardPlan(method, guards, adapterFor(method, adapters));
    }

    /** The same method with some of its guards. */
    public GuardPlan withGuards(List<Guard> some) {
        return new GuardPlan(method, some, adapter);
    }

    private static @Nullable ResultAdapter adapterFor(GuardedMethod method, List<ResultAdapter> adapters) {
        for (ResultAdapter adapter : adapters) {
            if (adapter.supports(method)) {
                return adapter;
            }
        }
        if (method.signature().isSuspending()) {
            throw new GuardConfigurationException(
                    "Suspending function " + method.displayName()
                            + " cannot be guarded: that needs Reactor, Kotlin's coroutines for it, Kotlin's reflection, and a"
                            + " class written in Kotlin",
                    "Add org.jetbrains.kotlinx:kotlinx-coroutines-reactor and org.jetbrains.kotlin:kotlin-reflect; if the"
                            + " class is written in Java, return a CompletionStage.");
        }
        Class<?> type = method.returnType();
        if (!CompletionStage.class.isAssignableFrom(type)) {
            return null;
        }
        if (!type.isAssignableFrom(CompletableFuture.class)) {
            throw new GuardConfigurationException(
                    "Return type '" + type.getName() + "' of " + method.displayName() + " cannot be made by guards",
                    "Declare CompletableFuture or CompletionStage.");
        }
        return StageAdapter.INSTANCE;
    }
}
