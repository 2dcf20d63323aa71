package io.github.stanchion.testkit.proof;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A register never goes back to the write of a lower token: no such write is accepted after one with a greater token was
 * accepted or seen, and none is seen any more; and a write is refused only for a greater token.
 */
public record FencedRegister() implements Check {

    @Override
    public List<Violation> violations(History history) {
        List<Violation> found = new ArrayList<>();
        history.byKey(Action.READ, Action.WRITE, Action.ADD).forEach((key, events) -> {
            List<Event> seen = events.stream()
                    .filter(event -> event.outcome() == Outcome.OK)
                    .toList();
            for (Fall fall : Fall.in(seen, Event::token)) {
                String why =
                        fall.later().action() == Action.READ ? "the older write is back" : "a stale write was accepted";
                found.add(new Violation("Fence of register " + key, fall.earlier(), fall.later(), why));
            }
            refusals(key, events, found);
        });
        return found;
    }

    private static void refusals(String key, List<Event> events, List<Violation> found) {
        for (Event refused : events) {
            if (refused.action() == Action.READ || refused.outcome() != Outcome.FAIL) {
                continue;
            }
            Event greatest = events.stream()
                    .filter(event -> event.action() != Action.READ && event.outcome() != Outcome.FAIL)
                    .filter(event -> event.start() < refused.end())
                    .max(Comparator.comparingLong(Event::token))
                    .orElse(refused);
            if (greatest.token() <= refused.token()) {
                found.add(new Violation(
                        "Fence of register " + key,
                        greatest,
                        refused,
                        "a write was refused though none had a greater token"));
            }
        }
    }
}
