package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardBinder;
import io.github.stanchion.guard.GuardConfigurationException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The order of guards around a method, outermost first, with the landmark {@value #LANDMARK} between the two advisors.
 *
 * @param words kinds of guards and the landmark, each once
 */
record GuardOrder(List<String> words) {

    static final String LANDMARK = "authorization";

    private static final String PROPERTY = "stanchion.order";
    private static final List<String> KNOWN =
            List.of("rate-limit", LANDMARK, "circuit-breaker", "brute-force", "lock", "version");

    GuardOrder {
        words = List.copyOf(words);
        Set<String> seen = new HashSet<>();
        for (String word : words) {
            if (!seen.add(word)) {
                throw wrong("'" + word + "' stands twice", "Name it once.");
            }
        }
        if (seen.contains("transaction")) {
            throw wrong("'transaction' cannot be placed", "Remove it; transactions always begin inside of all guards.");
        }
        if (!seen.contains(LANDMARK)) {
            throw wrong("'" + LANDMARK + "' is missing", "Add it where Spring Security is to check who may call.");
        }
    }

    /** As set, read before there are beans. */
    static GuardOrder of(Environment environment) {
        List<String> words = Binder.get(environment)
                .bind(PROPERTY, Bindable.listOf(String.class))
                .orElseGet(() -> KNOWN);
        return new GuardOrder(words);
    }

    /** What stands before the landmark. */
    Set<String> beforeAuthorization() {
        return Set.copyOf(words.subList(0, words.indexOf(LANDMARK)));
    }

    /** What stands after the landmark. */
    Set<String> afterAuthorization() {
        return Set.copyOf(words.subList(words.indexOf(LANDMARK) + 1, words.size()));
    }

    /** The binders, outermost first; every kind must have its place, and every word must be a kind. */
    List<GuardBinder> arrange(List<GuardBinder> binders) {
        Set<String> kinds = new HashSet<>(KNOWN);
        for (GuardBinder binder : binders) {
            kinds.add(binder.kind());
            if (!words.contains(binder.kind())) {
                throw wrong("'" + binder.kind() + "' is missing", "Add it where its guards are to stand.");
            }
        }
        for (String word : words) {
            if (!kinds.contains(word)) {
                throw wrong(
                        "'" + word + "' is no kind of guard",
                        Names.meant(word, kinds) + "Known are "
                                + String.join(", ", kinds.stream().sorted().toList()) + ".");
            }
        }
        List<GuardBinder> arranged = new ArrayList<>(binders);
        arranged.sort(Comparator.comparingInt(binder -> words.indexOf(binder.kind())));
        return arranged;
    }

    private static GuardConfigurationException wrong(String how, String action) {
        return new GuardConfigurationException("In property " + PROPERTY + " " + how, action);
    }
}
