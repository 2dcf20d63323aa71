package io.github.stanchion.testkit.proof;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lock that is free or somebody's: granted only when free, refused only when not, with tokens in the order of the grants. A
 * lease that ended, or whose fate is unknown, may free it by itself from then on.
 *
 * <p>A request that waited in vain counts as refused. Leave those out, with {@link History#only}, where requests may hold the
 * lock for a moment without noting it: a grant that came too late and was given back.
 */
public record LockModel() implements SequentialModel<String> {

    private static final String FREE = "";

    @Override
    public String initial() {
        return FREE;
    }

    @Override
    public List<Action> actions() {
        return List.of(Action.ACQUIRE, Action.HOLD, Action.RELEASE);
    }

    @Override
    public @Nullable String after(String state, Event event) {
        String owner = owner(event);
        return switch (event.action()) {
            case ACQUIRE ->
                event.outcome() == Outcome.FAIL ? state.equals(FREE) ? null : state : state.equals(FREE) ? owner : null;
            case RELEASE ->
                event.outcome() == Outcome.FAIL
                        ? state.equals(owner) ? null : state
                        : state.equals(owner) ? FREE : null;
            default -> state;
        };
    }

    /** Tokens; without them there are as many orders to try as requests were waiting at a time. */
    @Override
    public long place(Event event) {
        return event.is(Action.ACQUIRE, Outcome.OK) ? event.token() : 0;
    }

    @Override
    public List<Event> complete(List<Event> events) {
        List<Event> all = new ArrayList<>(events);
        all.removeIf(event -> event.action() == Action.HOLD);
        if (events.stream().noneMatch(event -> event.is(Action.ACQUIRE, Outcome.FAIL))) {
            all.removeAll(needless(events));
        }
        for (Hold hold : Hold.of(events)) {
            Event release = hold.release();
            if (release == null || release.outcome() != Outcome.OK) {
                all.add(lapse(hold.grant(), Math.max(hold.from(), hold.to())));
            }
        }
        for (Event event : List.copyOf(all)) {
            if (event.is(Action.ACQUIRE, Outcome.UNKNOWN)) {
                all.add(lapse(event, event.start()));
            }
        }
        return all;
    }

    /**
     * Requests without an answer that explain nothing, as nobody was refused and what they may have taken was not given back: any
     * order goes without them, too. Each would double what there is to search.
     */
    private static List<Event> needless(List<Event> events) {
        Set<String> givenBack = new HashSet<>();
        for (Event event : events) {
            if (event.is(Action.RELEASE, Outcome.OK)) {
                givenBack.add(owner(event));
            }
        }
        return events.stream()
                .filter(event -> event.is(Action.ACQUIRE, Outcome.UNKNOWN) && !givenBack.contains(owner(event)))
                .toList();
    }

    private static String owner(Event event) {
        return event.process() + " " + event.owner();
    }

    private static Event lapse(Event grant, long from) {
        return new Event(
                grant.process(), Action.RELEASE, grant.key(), grant.owner(), 0, 0, from, Event.NEVER, Outcome.UNKNOWN);
    }
}
