package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.PolicyNames;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Which policies guard, beside what their settings say: a policy that is switched off lets every call through.
 *
 * @param on whether policies guard that are not named
 * @param exceptions names of the policies for which the opposite holds, of whatever kind and in any spelling
 */
public record GuardSwitch(boolean on, Set<String> exceptions) {

    /** Settings alone decide. */
    public static final GuardSwitch ON = new GuardSwitch(true, Set.of());

    static final GuardSwitch OFF = new GuardSwitch(false, Set.of());

    public GuardSwitch {
        exceptions = exceptions.stream().map(PolicyNames::canonical).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Settings by name, with those switched off that are to be.
     *
     * @param used names that may have no settings here, as those of annotations
     * @param off settings as they are for a policy that guards nothing
     * @param on settings as they are for one that guards though the lowest layer is off
     */
    <T> Map<String, T> apply(
            Map<String, T> settings, Collection<String> used, T none, UnaryOperator<T> off, UnaryOperator<T> on) {
        UnaryOperator<T> unnamed = this.on ? UnaryOperator.identity() : off;
        UnaryOperator<T> named = this.on ? off : on;
        Map<String, T> switched = new HashMap<>();
        settings.forEach((name, given) -> switched.put(name, (isNamed(name) ? named : unnamed).apply(given)));
        Set<String> known =
                settings.keySet().stream().map(PolicyNames::canonical).collect(Collectors.toSet());
        used.stream()
                .filter(name -> isNamed(name) && !known.contains(PolicyNames.canonical(name)))
                .forEach(name -> switched.put(name, named.apply(none)));
        return switched;
    }

    private boolean isNamed(String name) {
        return exceptions.contains(PolicyNames.canonical(name));
    }
}
