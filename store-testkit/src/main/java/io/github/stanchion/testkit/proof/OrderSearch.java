package io.github.stanchion.testkit.proof;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of one key's operations that a model explains.
 *
 * <p>A point of the search is the set of operations that have happened, and the state they leave. From there any operation may
 * happen next that began before the first end among those that still must happen. A point is not tried if one was before with
 * the same certain operations and state, and no unknown ones but some of its own: what can follow it could follow that
 * (G. Lowe, "Testing for linearizability", 2016, but for the unknown ones). Certain operations are tried before unknown ones, so
 * these cost only where they are needed, and those that have a place in its order. For one use.
 */
final class OrderSearch<S> {

    private final SequentialModel<S> model;
    private final String key;
    private final List<Event> events;
    private final int mostSteps;
    private final BitSet unknown = new BitSet();

    /** Of each operation with a place the one with the place before, else -1. */
    private final int[] before;

    private final Map<Known<S>, List<BitSet>> met = new HashMap<>();
    private int most = -1;
    private @Nullable Event last;
    private @Nullable Event stuck;

    /** What has happened, in which state that leaves the key, and what happened last. */
    private record Point<S>(BitSet happened, S state, @Nullable Event last) {}

    /** The certain operations that have happened, and the state. */
    private record Known<S>(BitSet certain, S state) {}

    OrderSearch(SequentialModel<S> model, String key, List<Event> events, int mostSteps) {
        this.model = model;
        this.key = key;
        this.events =
                events.stream().sorted(Comparator.comparingLong(Event::start)).toList();
        this.mostSteps = mostSteps;
        for (int i = 0; i < this.events.size(); i++) {
            unknown.set(i, this.events.get(i).outcome() == Outcome.UNKNOWN);
        }
        this.before = before();
    }

    private int[] before() {
        int[] all = new int[events.size()];
        Arrays.fill(all, -1);
        int[] placed = IntStream.range(0, events.size())
                .filter(i -> !unknown.get(i) && model.place(events.get(i)) != 0)
                .boxed()
                .sorted(Comparator.comparingLong(i -> model.place(events.get(i))))
                .mapToInt(i -> i)
                .toArray();
        for (int n = 1; n < placed.length; n++) {
            all[placed[n]] = placed[n - 1];
        }
        return all;
    }

    /** Why there is no such order, or none was found in time; null if there is one. */
    @Nullable
    Violation violation() {
        Deque<Point<S>> open = new ArrayDeque<>();
        open.push(new Point<>(new BitSet(), model.initial(), null));
        for (int steps = 0; !open.isEmpty(); steps++) {
            Point<S> point = open.pop();
            Event due = due(point.happened);
            if (due == null) {
                return null;
            }
            note(point, due);
            if (steps == mostSteps || Thread.currentThread().isInterrupted()) {
                return violation("no order was found in " + steps + " steps, nor that there is none");
            }
            pushNext(open, point, due.end());
        }
        return violation("no order of the operations explains the second after the first");
    }

    /** Of the operations that must happen and have not, the one that ends first. */
    private @Nullable Event due(BitSet happened) {
        Event first = null;
        for (int i = happened.nextClearBit(0); i < events.size(); i = happened.nextClearBit(i + 1)) {
            Event event = events.get(i);
            if (first != null && event.start() > first.end()) {
                break;
            }
            if (!unknown.get(i) && (first == null || event.end() < first.end())) {
                first = event;
            }
        }
        return first;
    }

    private void note(Point<S> point, Event due) {
        if (point.happened.cardinality() > most) {
            most = point.happened.cardinality();
            last = point.last;
            stuck = due;
        }
    }

    private void pushNext(Deque<Point<S>> open, Point<S> point, long deadline) {
        Deque<Point<S>> certain = new ArrayDeque<>();
        BitSet happened = point.happened;
        for (int i = happened.nextClearBit(0); i < events.size(); i = happened.nextClearBit(i + 1)) {
            Event event = events.get(i);
            if (event.start() > deadline) {
                break;
            }
            S state = before[i] < 0 || happened.get(before[i]) ? model.after(point.state, event) : null;
            if (state != null && !(unknown.get(i) && state.equals(point.state))) {
                BitSet next = (BitSet) happened.clone();
                next.set(i);
                if (isNew(next, state)) {
                    (unknown.get(i) ? open : certain).push(new Point<>(next, state, event));
                }
            }
        }
        // The last of them to be pushed is the first to be tried: the earliest that is certain.
        certain.forEach(open::push);
    }

    private boolean isNew(BitSet happened, S state) {
        BitSet certain = (BitSet) happened.clone();
        certain.andNot(unknown);
        BitSet guessed = (BitSet) happened.clone();
        guessed.and(unknown);
        List<BitSet> before = met.computeIfAbsent(new Known<>(certain, state), any -> new ArrayList<>());
        if (before.stream().anyMatch(fewer -> contains(guessed, fewer))) {
            return false;
        }
        before.add(guessed);
        return true;
    }

    private static boolean contains(BitSet all, BitSet some) {
        BitSet missing = (BitSet) some.clone();
        missing.andNot(all);
        return missing.isEmpty();
    }

    private Violation violation(String why) {
        Event second = stuck == null ? events.get(0) : stuck;
        return new Violation("Linearizability of " + key, last == null ? second : last, second, why);
    }
}
