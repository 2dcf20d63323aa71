package io.github.stanchion.testkit.proof;

/**
 * Two events that a promise does not allow together.
 *
 * @param promise what was promised, in a few words
 * @param first the earlier one
 * @param second the one that must not come after it so
 * @param why how they contradict each other
 */
public record Violation(String promise, Event first, Event second, String why) {

    @Override
    public String toString() {
        return promise + " is broken: " + why + "\n    first  " + first + "\n    second " + second;
    }
}
