package io.github.stanchion.testkit.proof;

import java.util.List;
import java.util.stream.Collectors;

/** A promise that a history can break. Immutable. */
public interface Check {

    /** What breaks the promise, in the order in which it happened; empty if nothing does. */
    List<Violation> violations(History history);

    /**
     * Fails if anything breaks the promise.
     *
     * @throws AssertionError that names the first violations
     */
    default void verify(History history) {
        List<Violation> found = violations(history);
        if (!found.isEmpty()) {
            throw new AssertionError(found.stream()
                    .limit(5)
                    .map(Violation::toString)
                    .collect(Collectors.joining(
                            "\n",
                            found.size() + " in a history of "
                                    + history.events().size() + " events:\n",
                            "")));
        }
    }
}
