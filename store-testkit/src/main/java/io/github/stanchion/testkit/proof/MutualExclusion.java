package io.github.stanchion.testkit.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * Nobody holds a lock while somebody else does: from the moment at which a holder learns that it was granted until it begins
 * to release it, sees it lost, or its lease ends as it counts itself.
 */
public record MutualExclusion() implements Check {

    @Override
    public List<Violation> violations(History history) {
        List<Violation> found = new ArrayList<>();
        history.byKey(Action.ACQUIRE, Action.HOLD, Action.RELEASE)
                .forEach((key, events) -> overlaps(key, Hold.of(events), found));
        return found;
    }

    private static void overlaps(String key, List<Hold> holds, List<Violation> found) {
        Hold longest = null;
        for (Hold hold : holds) {
            if (longest != null && Math.min(hold.to(), longest.to()) > hold.from()) {
                found.add(new Violation(
                        "Mutual exclusion on lock " + key,
                        longest.grant(),
                        hold.grant(),
                        "the first holder counts on it until " + longest.to() + ", the second from " + hold.from()
                                + " to " + hold.to()));
            }
            if (longest == null || hold.to() > longest.to()) {
                longest = hold;
            }
        }
    }
}
