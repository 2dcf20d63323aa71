package io.github.stanchion.testkit.proof;

import io.github.stanchion.testkit.proof.Spans.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * No wake-up is lost: a free lock that somebody waits for is granted soon. Not counted are the times of {@link Action#FAULT}s,
 * after each of which the time begins anew, and those in which a vanished request or holder may still hold the lock.
 *
 * @param most how long a lock may be free while somebody waits
 * @param grace how much longer than its holder counts a lease is kept
 * @param lease how long an unanswered request may hold the lock after it was given up, or after its process was killed
 */
public record LivenessGap(Duration most, Duration grace, Duration lease) implements Check {

    @Override
    public List<Violation> violations(History history) {
        List<Violation> found = new ArrayList<>();
        Spans faults = Spans.of(history.events().stream()
                .filter(event -> event.action() == Action.FAULT)
                .map(event -> new Span(event.start(), event.end()))
                .toList());
        List<Event> ends = history.events().stream()
                .filter(event -> event.action() == Action.END)
                .toList();
        history.byKey(Action.ACQUIRE, Action.HOLD, Action.RELEASE).forEach((key, events) -> {
            List<Use> uses = uses(events, ends);
            List<Event> waits = events.stream()
                    .filter(event -> event.action() == Action.ACQUIRE && event.outcome() != Outcome.UNKNOWN)
                    .toList();
            Spans waited = Spans.of(waits.stream()
                    .map(wait -> new Span(wait.start(), wait.end()))
                    .toList());
            Spans used = Spans.of(uses.stream().map(Use::span).toList());
            for (Span gap : waited.without(used).without(faults).spans()) {
                if (gap.to() - gap.from() > most.toNanos()) {
                    found.add(violation(key, gap, uses, waits));
                }
            }
        });
        return found;
    }

    /** A stretch in which the lock is, or may be, somebody's, and the event that ended or began it. */
    private record Use(Span span, Event event) {}

    private List<Use> uses(List<Event> events, List<Event> ends) {
        List<Use> uses = new ArrayList<>();
        for (Hold hold : Hold.of(events)) {
            Event release = hold.answeredRelease();
            long to = release != null ? release.end() : later(hold.leaseEnd(), grace);
            uses.add(new Use(
                    new Span(hold.from(), Math.max(hold.from(), to)), release != null ? release : hold.grant()));
        }
        for (Event event : events) {
            if (event.is(Action.ACQUIRE, Outcome.UNKNOWN)) {
                uses.add(new Use(new Span(event.start(), later(lastSign(event, ends), lease)), event));
            }
        }
        return uses;
    }

    /** When the request was given up, or its process killed. */
    private static long lastSign(Event request, List<Event> ends) {
        return ends.stream()
                .filter(end -> end.key().equals(request.process()))
                .mapToLong(Event::end)
                .reduce(request.end(), Math::min);
    }

    private static long later(long instant, Duration by) {
        return instant > Event.NEVER - by.toNanos() ? Event.NEVER : instant + by.toNanos();
    }

    private static Violation violation(String key, Span gap, List<Use> uses, List<Event> waits) {
        Event waiter = waits.stream()
                .filter(wait -> wait.start() < gap.to() && wait.end() > gap.from())
                .min(Comparator.comparingLong(Event::start))
                .orElseThrow();
        Event freed = uses.stream()
                .filter(use -> use.span().to() <= gap.from())
                .max(Comparator.comparingLong(use -> use.span().to()))
                .map(Use::event)
                .orElse(waiter);
        long millis = Duration.ofNanos(gap.to() - gap.from()).toMillis();
        return new Violation(
                "Liveness of lock " + key,
                freed,
                waiter,
                "the lock was free for " + millis + " ms from " + gap.from() + " on while the second waited");
    }
}
