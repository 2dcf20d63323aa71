package io.github.stanchion.guard;

/** Finds the fallback that an annotation or a setting names. */
public interface Fallbacks {

    /**
     * The fallback of this name: {@code method} of the same class, or {@code bean::method}, with the guarded method's
     * parameters and, optionally, the failure as the last one.
     *
     * @param origin names the attribute or property for messages
     * @throws GuardConfigurationException if there is none that fits
     */
    Fallback find(String reference, GuardedMethod method, String origin);
}
