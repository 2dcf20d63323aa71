package io.github.stanchion.weave;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Lets a method that is both proxied and woven be guarded once: the proxy guards it and leaves a mark for the woven body,
 * which takes the mark away and passes.
 *
 * <p>A mark is for one entry of one method on one object by the thread that set it. What the method then calls, itself
 * included, is guarded as usual.
 */
public final class GuardMark {

    private static final ThreadLocal<@Nullable GuardMark> CURRENT = new ThreadLocal<>();

    private final Method method;
    private final @Nullable Object target;

    private GuardMark(Method method, @Nullable Object target) {
        this.method = method;
        this.target = target;
    }

    /** Whether AspectJ has woven guards into this method. */
    public static boolean isWoven(Method method) {
        return method.isAnnotationPresent(Woven.class);
    }

    /**
     * Runs the rest of a call that has been guarded; the inner-most adapter calls it for methods that are woven.
     *
     * <p>Whether or not the body takes the mark, it is gone afterwards.
     *
     * @param method the most specific method
     * @param target the object itself, no proxy
     */
    public static @Nullable Object guarded(Method method, @Nullable Object target, Body rest) throws Throwable {
        GuardMark before = CURRENT.get();
        CURRENT.set(new GuardMark(method, target));
        try {
            return rest.run();
        } finally {
            restore(before);
        }
    }

    /** Takes the mark away if it is for this call. */
    static boolean take(Method method, @Nullable Object target) {
        GuardMark mark = CURRENT.get();
        if (mark == null || mark.target != target || !mark.method.equals(method)) {
            return false;
        }
        CURRENT.remove();
        return true;
    }

    private static void restore(@Nullable GuardMark before) {
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before);
        }
    }

    /** The rest of a call. */
    @FunctionalInterface
    public interface Body {

        @Nullable
        Object run() throws Throwable;
    }
}
