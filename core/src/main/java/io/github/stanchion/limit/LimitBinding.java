package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.PolicyNames;
import java.util.function.UnaryOperator;

/**
 * One annotation on one method, as the registry remembers it, to make its limit anew whenever settings change.
 *
 * @param position which of the method's rate limits it is
 * @param name as given, or made from the method
 * @param named whether it was given
 * @param attributes what the annotation says
 */
record LimitBinding(
        GuardedMethod method, int position, String name, boolean named, RateLimitSettings attributes, Maker maker) {

    String canonicalName() {
        return PolicyNames.canonical(name);
    }

    /** Whether both are the same annotation on the same method. */
    boolean isSameAs(LimitBinding that) {
        return method.equals(that.method)
                && position == that.position
                && name.equals(that.name)
                && attributes.equals(that.attributes);
    }

    /** The method's annotation, for messages. */
    String place() {
        return "@RateLimited on " + method.displayName();
    }

    /** Compiles the expressions of merged settings for the method. */
    @FunctionalInterface
    interface Maker {

        /**
         * The limit of these settings for the method.
         *
         * @param settings merged
         * @param origin where a setting of this name was given, for messages
         * @throws GuardConfigurationException if an expression or fallback cannot work
         */
        BoundLimit make(LiveLimit live, RateLimitSettings settings, UnaryOperator<String> origin);
    }
}
