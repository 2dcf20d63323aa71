package io.github.stanchion.guard;

import org.jspecify.annotations.Nullable;

/**
 * Makes the guard of one kind for a method, from its annotations and the settings of their policies.
 *
 * <p>Called once per method when the application starts, or when a woven method is first called.
 */
public interface GuardBinder {

    /** The kind, one word of the configured order of guards. */
    String kind();

    /**
     * The guard of this method, null if it has none of this kind.
     *
     * @throws GuardConfigurationException if the annotations or settings cannot work
     */
    @Nullable
    Guard bind(GuardedMethod method);
}
