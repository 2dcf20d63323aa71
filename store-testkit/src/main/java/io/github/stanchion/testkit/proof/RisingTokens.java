package io.github.stanchion.testkit.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** No two grants of a lock have one token, and a grant that follows another has the greater one. */
public record RisingTokens() implements Check {

    @Override
    public List<Violation> violations(History history) {
        List<Violation> found = new ArrayList<>();
        history.byKey(Action.ACQUIRE).forEach((key, events) -> {
            List<Event> grants = events.stream()
                    .filter(event -> event.outcome() == Outcome.OK)
                    .toList();
            String promise = "Rising tokens of lock " + key;
            Map<Long, Event> tokens = new HashMap<>();
            for (Event grant : grants) {
                Event same = tokens.putIfAbsent(grant.token(), grant);
                if (same != null) {
                    found.add(new Violation(promise, same, grant, "both have token " + grant.token()));
                }
            }
            for (Fall fall : Fall.in(grants, Event::token)) {
                found.add(new Violation(promise, fall.earlier(), fall.later(), "tokens fell from one to the next"));
            }
        });
        return found;
    }
}
