package io.github.stanchion.testkit.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * No addition to a counter is lost: no two write one sum, sums rise, and whoever reads the counter finds every addition that
 * was over, and none that has not begun. Counters begin at 0.
 */
public record LostUpdates() implements Check {

    @Override
    public List<Violation> violations(History history) {
        List<Violation> found = new ArrayList<>();
        history.byKey(Action.ADD, Action.READ).forEach((key, events) -> {
            if (events.stream().anyMatch(event -> event.action() == Action.ADD)) {
                counter("Count of " + key, events, found);
            }
        });
        return found;
    }

    private static void counter(String promise, List<Event> events, List<Violation> found) {
        List<Event> seen =
                events.stream().filter(event -> event.outcome() == Outcome.OK).toList();
        Map<Long, Event> sums = new HashMap<>();
        for (Event add : seen) {
            Event same = add.action() == Action.ADD ? sums.putIfAbsent(add.value(), add) : null;
            if (same != null) {
                found.add(new Violation(promise, same, add, "both wrote the sum " + add.value()));
            }
        }
        for (Fall fall : Fall.in(seen, Event::value)) {
            found.add(new Violation(promise, fall.earlier(), fall.later(), "the sum fell from one to the next"));
        }
        for (Event read : seen) {
            if (read.action() == Action.READ) {
                total(promise, events, read, found);
            }
        }
    }

    private static void total(String promise, List<Event> events, Event read, List<Violation> found) {
        List<Event> adds =
                events.stream().filter(event -> event.action() == Action.ADD).toList();
        List<Event> over = adds.stream()
                .filter(add -> add.outcome() == Outcome.OK && add.before(read))
                .toList();
        List<Event> begun = adds.stream()
                .filter(add -> add.outcome() != Outcome.FAIL && add.start() < read.end())
                .toList();
        if (read.value() < over.size() || read.value() > begun.size()) {
            List<Event> named = over.isEmpty() ? adds : over;
            found.add(new Violation(
                    promise,
                    named.get(named.size() - 1),
                    read,
                    "between " + over.size() + " and " + begun.size() + " additions were made, " + read.value()
                            + " are read"));
        }
    }
}
