package io.github.stanchion.testkit.proof;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What several processes did, in the order in which they began it.
 *
 * @param events by their start
 */
public record History(List<Event> events) {

    public History {
        events = events.stream().sorted(Comparator.comparingLong(Event::start)).toList();
    }

    public static History of(Collection<Event> events) {
        return new History(List.copyOf(events));
    }

    /**
     * Reads what processes noted, each in a file of its own; they may still be writing.
     *
     * @throws IllegalArgumentException that names file and line, if a line other than a torn last one is no event
     */
    public static History read(Collection<Path> files) {
        return HistoryReader.read(files);
    }

    /** The events that are of interest. */
    public History only(Predicate<Event> interest) {
        return new History(events.stream().filter(interest).toList());
    }

    /** The events of these actions, by key. */
    Map<String, List<Event>> byKey(Action... actions) {
        List<Action> wanted = List.of(actions);
        return events.stream()
                .filter(event -> wanted.contains(event.action()))
                .collect(Collectors.groupingBy(Event::key, TreeMap::new, Collectors.toList()));
    }
}
