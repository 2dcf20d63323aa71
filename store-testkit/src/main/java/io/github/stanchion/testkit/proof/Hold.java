package io.github.stanchion.testkit.proof;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lock in somebody's hands, as its holder saw it.
 *
 * @param grant by which it came there
 * @param leaseEnd as its holder last counted
 * @param lost when its holder saw that it was lost; {@link Event#NEVER} if it did not
 * @param release by which it was given back, if that was tried
 */
record Hold(Event grant, long leaseEnd, long lost, @Nullable Event release) {

    long from() {
        return grant.end();
    }

    /** When the holder stopped relying on it. */
    long to() {
        return Math.min(Math.min(leaseEnd, lost), release == null ? Event.NEVER : release.start());
    }

    /** By which the holder learned that the store does not hold it any more, if it did. */
    @Nullable
    Event answeredRelease() {
        return release == null || release.outcome() == Outcome.UNKNOWN ? null : release;
    }

    /** The holds of one key, in the order in which their holders learned of them. */
    static List<Hold> of(List<Event> events) {
        Map<String, List<Event>> owners = new LinkedHashMap<>();
        for (Event event : events) {
            owners.computeIfAbsent(event.process() + " " + event.owner(), any -> new ArrayList<>())
                    .add(event);
        }
        return owners.values().stream()
                .map(Hold::ofOwner)
                .flatMap(Collection::stream)
                .sorted((one, other) -> Long.compare(one.from(), other.from()))
                .toList();
    }

    private static List<Hold> ofOwner(List<Event> events) {
        List<Hold> holds = new ArrayList<>();
        Hold current = null;
        for (Event event : events) {
            if (event.is(Action.ACQUIRE, Outcome.OK)) {
                if (current != null) {
                    holds.add(current);
                }
                current = new Hold(event, event.value(), Event.NEVER, null);
            } else if (current != null && current.release == null) {
                current = current.after(event);
            }
        }
        if (current != null) {
            holds.add(current);
        }
        return holds;
    }

    private Hold after(Event event) {
        return switch (event.action()) {
            case HOLD ->
                switch (event.outcome()) {
                    case OK -> new Hold(grant, Math.max(leaseEnd, event.value()), lost, null);
                    case FAIL -> new Hold(grant, leaseEnd, Math.min(lost, event.start()), null);
                    case UNKNOWN -> this;
                };
            case RELEASE -> new Hold(grant, leaseEnd, lost, event);
            default -> this;
        };
    }
}
