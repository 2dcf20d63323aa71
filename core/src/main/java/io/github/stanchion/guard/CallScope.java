package io.github.stanchion.guard;

import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What guards hold for a call, as whatever that call calls in turn may find it: the innermost first.
 *
 * <p>Immutable. A scope is current on the thread that runs the guarded body, virtual or not, while it does; other threads
 * inherit nothing. Where a body goes on elsewhere, as reactive ones do, the adapter carries its scope along.
 */
public final class CallScope {

    /** The scope of calls for which nothing is held. */
    public static final CallScope EMPTY = new CallScope(null, null);

    private static final ThreadLocal<@Nullable CallScope> CURRENT = new ThreadLocal<>();

    private final @Nullable Held held;
    private final @Nullable CallScope outer;

    private CallScope(@Nullable Held held, @Nullable CallScope outer) {
        this.held = held;
        this.outer = outer;
    }

    /** The scope of the body that this thread runs now. */
    public static CallScope current() {
        CallScope scope = CURRENT.get();
        return scope == null ? EMPTY : scope;
    }

    /**
     * From now on {@code held} is in this thread's current scope, for holders without a body; {@link #leave} takes it out. So
     * does the next of these, on this thread, if what was held is over: another thread has ended it.
     */
    public static void enter(Held held) {
        makeCurrent(current().withoutEnded().with(held));
        held.entered();
    }

    /** Takes {@code held} out of this thread's current scope; does nothing if it is not in there. */
    public static void leave(Held held) {
        CallScope scope = current();
        CallScope rest = scope.without(held);
        if (rest != scope) {
            makeCurrent(rest);
            held.exited();
        }
    }

    /** This scope with one thing more in it. */
    public CallScope with(Held more) {
        return new CallScope(more, this);
    }

    private CallScope withoutEnded() {
        if (held == null || outer == null) {
            return this;
        }
        CallScope rest = outer.withoutEnded();
        if (held.isOver()) {
            held.exited();
            return rest;
        }
        return rest == outer ? this : new CallScope(held, rest);
    }

    private CallScope without(Held gone) {
        if (held == null || outer == null) {
            return this;
        }
        if (held == gone) {
            return outer;
        }
        CallScope rest = outer.without(gone);
        return rest == outer ? this : new CallScope(held, rest);
    }

    /** The innermost thing of this type that fits, null if there is none. */
    public <T> @Nullable T find(Class<T> type, Predicate<? super T> condition) {
        for (CallScope scope = this; scope != null && scope.held != null; scope = scope.outer) {
            if (type.isInstance(scope.held)) {
                T candidate = type.cast(scope.held);
                if (condition.test(candidate)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    /** Tells all things of this type, innermost first. */
    public <T> void forEach(Class<T> type, Consumer<? super T> action) {
        for (CallScope scope = this; scope != null && scope.held != null; scope = scope.outer) {
            if (type.isInstance(scope.held)) {
                action.accept(type.cast(scope.held));
            }
        }
    }

    /** Runs {@code action} on this thread with this scope as the current one: for adapters and for what decides. */
    public void run(Runnable action) {
        boolean unused = supply(() -> {
            action.run();
            return true;
        });
    }

    /** As {@link #run}, for actions that have a result. */
    public <T> T supply(Supplier<T> action) {
        CallScope before = CURRENT.get();
        makeCurrent(this);
        try {
            return action.get();
        } finally {
            makeCurrent(before);
        }
    }

    /** Runs the body in this scope, of which {@code caller} is the part that was there before its guards. */
    @Nullable
    Object proceed(GuardedCall call, CallScope caller) throws Throwable {
        CallScope before = CURRENT.get();
        makeCurrent(this);
        tell(caller, Held::entered);
        try {
            return call.proceed();
        } finally {
            tell(caller, Held::exited);
            makeCurrent(before);
        }
    }

    private void tell(CallScope caller, Consumer<Held> news) {
        for (CallScope scope = this; scope != null && scope != caller && scope.held != null; scope = scope.outer) {
            news.accept(scope.held);
        }
    }

    private static void makeCurrent(@Nullable CallScope scope) {
        if (scope == null || scope.held == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(scope);
        }
    }

    /** Something that a guard holds for a call. */
    public interface Held {

        /** The body that it is held for begins on this thread, or its part that returns a result that comes later. */
        default void entered() {}

        /** That is over on this thread. Neither throws. */
        default void exited() {}

        /** Whether it is given back, so that no scope needs it any more. */
        default boolean isOver() {
            return false;
        }
    }
}
